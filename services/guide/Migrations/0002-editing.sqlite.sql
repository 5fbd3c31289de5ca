-- Everyone who wrote at an edition or handed it in: none of them may review it.
CREATE TABLE edition_editor (
    item_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    account TEXT NOT NULL CHECK (account <> ''),
    PRIMARY KEY (item_id, number, account),
    FOREIGN KEY (item_id, number) REFERENCES edition (item_id, number)
);
CREATE INDEX item_by_claim ON item (claimed_by, item_id);
CREATE INDEX edition_by_state ON edition (state, item_id);

CREATE TRIGGER edition_is_reviewed_by_another BEFORE UPDATE ON edition
WHEN NEW.reviewed_by IS NOT NULL AND EXISTS (
    SELECT 1 FROM edition_editor w
    WHERE w.item_id = NEW.item_id AND w.number = NEW.number AND w.account = NEW.reviewed_by)
BEGIN
    SELECT RAISE(ABORT, 'whoever wrote an edition may not review it');
END;

-- What an import brings is the operator's own decision; everything else is looked at by a second person.
CREATE TRIGGER edition_is_reviewed BEFORE UPDATE ON edition
WHEN NEW.state IN ('approved', 'published') AND NEW.reviewed_by IS NULL AND NEW.edited_by <> 'import'
BEGIN
    SELECT RAISE(ABORT, 'an edition is reviewed before it is published');
END;
CREATE TRIGGER edition_comes_reviewed BEFORE INSERT ON edition
WHEN NEW.state IN ('approved', 'published') AND NEW.reviewed_by IS NULL AND NEW.edited_by <> 'import'
BEGIN
    SELECT RAISE(ABORT, 'an edition is reviewed before it is published');
END;

CREATE TRIGGER edition_published_stays BEFORE UPDATE ON edition WHEN OLD.state = 'published'
BEGIN
    SELECT RAISE(ABORT, 'a published edition is not changed');
END;
