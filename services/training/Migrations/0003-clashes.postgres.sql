-- A range of minutes that lies apart for every room needs no extension for its exclusion: a century has fewer than 10^8 minutes.
ALTER TABLE class_session ADD CONSTRAINT room_clash
    EXCLUDE USING gist (int8range(room_id * 100000000 + starts_at, room_id * 100000000 + ends_at) WITH &&)
    WHERE (is_cancelled = 0);

-- Whoever changes where people are at what time changes, to no effect, the rows of all who are concerned: the class, whoever
-- teaches, the learners. So two such changes come one after the other, and the second sees the first: a transaction of row
-- locks (READ COMMITTED) reads anew after it waited, a serializable one that began before is refused and runs again. A lock
-- alone would leave nothing behind by which the serializable one knows. The order is the same everywhere: class, instructor,
-- learners.
CREATE FUNCTION session_clash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.is_cancelled = 1 THEN
        RETURN NEW;
    END IF;
    UPDATE training_class SET version = version WHERE class_id = NEW.class_id;
    -- Whoever teaches is known by the number, whatever the school.
    PERFORM 1 FROM instructor i WHERE i.number_index = NEW.instructor_number ORDER BY i.instructor_id
        FOR NO KEY UPDATE;
    UPDATE instructor SET version = version WHERE number_index = NEW.instructor_number;
    IF EXISTS (
        SELECT 1 FROM class_session s WHERE s.instructor_number = NEW.instructor_number AND s.is_cancelled = 0
            AND s.session_id <> NEW.session_id
            AND s.starts_at < NEW.ends_at AND s.starts_at > NEW.starts_at - 721 AND s.ends_at > NEW.starts_at) THEN
        RAISE EXCEPTION 'instructor_clash' USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'instructor_clash';
    END IF;
    PERFORM 1 FROM learner l WHERE l.learner_id IN (
        SELECT e.learner_id FROM enrollment e WHERE e.class_id = NEW.class_id AND e.state IN ('offered', 'seated'))
        ORDER BY l.learner_id FOR NO KEY UPDATE;
    UPDATE learner SET version = version WHERE learner_id IN (
        SELECT e.learner_id FROM enrollment e WHERE e.class_id = NEW.class_id AND e.state IN ('offered', 'seated'));
    IF EXISTS (
        SELECT 1 FROM enrollment e JOIN enrollment o ON o.learner_id = e.learner_id AND o.class_id <> e.class_id
            AND o.state IN ('offered', 'seated')
        JOIN class_session s ON s.class_id = o.class_id AND s.is_cancelled = 0
            AND s.starts_at < NEW.ends_at AND s.starts_at > NEW.starts_at - 721 AND s.ends_at > NEW.starts_at
        WHERE e.class_id = NEW.class_id AND e.state IN ('offered', 'seated')) THEN
        RAISE EXCEPTION 'learner_clash' USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'learner_clash';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER session_clash BEFORE INSERT OR UPDATE OF room_id, instructor_id, instructor_number, starts_at, ends_at,
    is_cancelled, class_id ON class_session FOR EACH ROW EXECUTE FUNCTION session_clash();

CREATE FUNCTION enrollment_clash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state NOT IN ('offered', 'seated') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state IN ('offered', 'seated') THEN
        RETURN NEW;
    END IF;
    UPDATE training_class SET version = version WHERE class_id = NEW.class_id;
    UPDATE learner SET version = version WHERE learner_id = NEW.learner_id;
    IF EXISTS (
        SELECT 1 FROM class_session mine JOIN enrollment o ON o.learner_id = NEW.learner_id
            AND o.class_id <> NEW.class_id AND o.state IN ('offered', 'seated')
        JOIN class_session s ON s.class_id = o.class_id AND s.is_cancelled = 0
            AND s.starts_at < mine.ends_at AND s.ends_at > mine.starts_at
        WHERE mine.class_id = NEW.class_id AND mine.is_cancelled = 0) THEN
        RAISE EXCEPTION 'learner_clash' USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'learner_clash';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER enrollment_clash BEFORE INSERT OR UPDATE OF state ON enrollment
    FOR EACH ROW EXECUTE FUNCTION enrollment_clash();
