CREATE TRIGGER posting_unchanged BEFORE UPDATE ON ledger_posting
BEGIN SELECT RAISE(ABORT, 'a posting is not changed'); END;
CREATE TRIGGER posting_undeleted BEFORE DELETE ON ledger_posting
BEGIN SELECT RAISE(ABORT, 'a posting is not changed'); END;
CREATE TRIGGER due_unchanged BEFORE UPDATE ON subsidy_due
BEGIN SELECT RAISE(ABORT, 'what is owed is not changed'); END;
CREATE TRIGGER due_undeleted BEFORE DELETE ON subsidy_due
BEGIN SELECT RAISE(ABORT, 'what is owed is not changed'); END;
CREATE TRIGGER payment_settled_once BEFORE UPDATE ON payment WHEN OLD.state <> 'made' OR NEW.due_id <> OLD.due_id OR NEW.amount <> OLD.amount OR NEW.batch_id <> OLD.batch_id
BEGIN SELECT RAISE(ABORT, 'a payment is settled once'); END;
CREATE TRIGGER payment_undeleted BEFORE DELETE ON payment
BEGIN SELECT RAISE(ABORT, 'a payment is settled once'); END;
CREATE TRIGGER line_fixed_insert BEFORE INSERT ON subsidy_line WHEN (
    SELECT state FROM subsidy_claim c WHERE c.claim_id = NEW.claim_id) IN ('noticed', 'approved', 'paying', 'paid')
BEGIN SELECT RAISE(ABORT, 'a sheet under notice is not changed'); END;
CREATE TRIGGER line_fixed_update BEFORE UPDATE ON subsidy_line WHEN (
    SELECT state FROM subsidy_claim c WHERE c.claim_id = OLD.claim_id) IN ('noticed', 'approved', 'paying', 'paid')
BEGIN SELECT RAISE(ABORT, 'a sheet under notice is not changed'); END;
CREATE TRIGGER line_fixed_delete BEFORE DELETE ON subsidy_line WHEN (
    SELECT state FROM subsidy_claim c WHERE c.claim_id = OLD.claim_id) IN ('noticed', 'approved', 'paying', 'paid')
BEGIN SELECT RAISE(ABORT, 'a sheet under notice is not changed'); END;
