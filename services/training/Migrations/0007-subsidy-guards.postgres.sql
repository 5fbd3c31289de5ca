CREATE FUNCTION subsidy_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was posted is not changed' USING ERRCODE = 'check_violation';
END;
$$;
CREATE TRIGGER posting_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_posting EXECUTE FUNCTION subsidy_unchanged();
CREATE TRIGGER due_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON subsidy_due EXECUTE FUNCTION subsidy_unchanged();
CREATE TRIGGER payment_undeleted BEFORE DELETE OR TRUNCATE ON payment EXECUTE FUNCTION subsidy_unchanged();

CREATE FUNCTION payment_settled_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'made' OR NEW.due_id <> OLD.due_id OR NEW.amount <> OLD.amount OR NEW.batch_id <> OLD.batch_id THEN
        RAISE EXCEPTION 'a payment is settled once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER payment_settled_once BEFORE UPDATE ON payment FOR EACH ROW EXECUTE FUNCTION payment_settled_once();

CREATE FUNCTION line_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    claim TEXT := CASE WHEN TG_OP = 'INSERT' THEN NEW.claim_id ELSE OLD.claim_id END;
BEGIN
    IF (SELECT c.state FROM subsidy_claim c WHERE c.claim_id = claim) IN ('noticed', 'approved', 'paying', 'paid') THEN
        RAISE EXCEPTION 'a sheet under notice is not changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END;
$$;
CREATE TRIGGER line_fixed BEFORE INSERT OR UPDATE OR DELETE ON subsidy_line FOR EACH ROW EXECUTE FUNCTION line_fixed();
