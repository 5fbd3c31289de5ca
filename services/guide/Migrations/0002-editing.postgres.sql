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

-- What an import brings is the operator's own decision; everything else is looked at by a second person.
CREATE FUNCTION edition_has_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'published' THEN
        RAISE EXCEPTION 'a published edition is not changed' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state IN ('approved', 'published') AND NEW.reviewed_by IS NULL AND NEW.edited_by <> 'import' THEN
        RAISE EXCEPTION 'an edition is reviewed before it is published' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.reviewed_by IS NOT NULL AND EXISTS (
        SELECT 1 FROM edition_editor w
        WHERE w.item_id = NEW.item_id AND w.number = NEW.number AND w.account = NEW.reviewed_by) THEN
        RAISE EXCEPTION 'whoever wrote an edition may not review it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER edition_has_two_people BEFORE INSERT OR UPDATE ON edition
    FOR EACH ROW EXECUTE FUNCTION edition_has_two_people();
