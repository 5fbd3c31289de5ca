-- Everyone who wrote at a flow's edition or handed it in: none of them may publish it or give it back.
CREATE TABLE flow_writer (
    flow_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    account TEXT NOT NULL CHECK (account <> ''),
    PRIMARY KEY (flow_id, number, account),
    FOREIGN KEY (flow_id, number) REFERENCES flow_edition (flow_id, number)
);
INSERT INTO flow_writer (flow_id, number, account)
    SELECT flow_id, number, edited_by FROM flow_edition WHERE edited_by <> '';
