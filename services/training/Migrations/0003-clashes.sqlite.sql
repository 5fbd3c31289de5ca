CREATE TRIGGER session_clash_new BEFORE INSERT ON class_session WHEN NEW.is_cancelled = 0
BEGIN
    SELECT RAISE(ABORT, 'room_clash') WHERE EXISTS (
        SELECT 1 FROM class_session s WHERE s.room_id = NEW.room_id AND s.is_cancelled = 0
            AND s.starts_at < NEW.ends_at AND s.starts_at > NEW.starts_at - 721 AND s.ends_at > NEW.starts_at);
    SELECT RAISE(ABORT, 'instructor_clash') WHERE EXISTS (
        SELECT 1 FROM class_session s WHERE s.instructor_number = NEW.instructor_number AND s.is_cancelled = 0
            AND s.starts_at < NEW.ends_at AND s.starts_at > NEW.starts_at - 721 AND s.ends_at > NEW.starts_at);
    SELECT RAISE(ABORT, 'learner_clash') WHERE EXISTS (
        SELECT 1 FROM enrollment e JOIN enrollment o ON o.learner_id = e.learner_id AND o.class_id <> e.class_id
            AND o.state IN ('offered', 'seated')
        JOIN class_session s ON s.class_id = o.class_id AND s.is_cancelled = 0
            AND s.starts_at < NEW.ends_at AND s.starts_at > NEW.starts_at - 721 AND s.ends_at > NEW.starts_at
        WHERE e.class_id = NEW.class_id AND e.state IN ('offered', 'seated'));
END;
CREATE TRIGGER session_clash_changed BEFORE UPDATE OF room_id, instructor_id, instructor_number, starts_at, ends_at,
    is_cancelled ON class_session WHEN NEW.is_cancelled = 0
BEGIN
    SELECT RAISE(ABORT, 'room_clash') WHERE EXISTS (
        SELECT 1 FROM class_session s WHERE s.room_id = NEW.room_id AND s.is_cancelled = 0
            AND s.session_id <> NEW.session_id
            AND s.starts_at < NEW.ends_at AND s.starts_at > NEW.starts_at - 721 AND s.ends_at > NEW.starts_at);
    SELECT RAISE(ABORT, 'instructor_clash') WHERE EXISTS (
        SELECT 1 FROM class_session s WHERE s.instructor_number = NEW.instructor_number AND s.is_cancelled = 0
            AND s.session_id <> NEW.session_id
            AND s.starts_at < NEW.ends_at AND s.starts_at > NEW.starts_at - 721 AND s.ends_at > NEW.starts_at);
    SELECT RAISE(ABORT, 'learner_clash') WHERE EXISTS (
        SELECT 1 FROM enrollment e JOIN enrollment o ON o.learner_id = e.learner_id AND o.class_id <> e.class_id
            AND o.state IN ('offered', 'seated')
        JOIN class_session s ON s.class_id = o.class_id AND s.is_cancelled = 0
            AND s.starts_at < NEW.ends_at AND s.starts_at > NEW.starts_at - 721 AND s.ends_at > NEW.starts_at
        WHERE e.class_id = NEW.class_id AND e.state IN ('offered', 'seated'));
END;
CREATE TRIGGER enrollment_clash_new BEFORE INSERT ON enrollment WHEN NEW.state IN ('offered', 'seated')
BEGIN
    SELECT RAISE(ABORT, 'learner_clash') WHERE EXISTS (
        SELECT 1 FROM class_session mine JOIN enrollment o ON o.learner_id = NEW.learner_id
            AND o.class_id <> NEW.class_id AND o.state IN ('offered', 'seated')
        JOIN class_session s ON s.class_id = o.class_id AND s.is_cancelled = 0
            AND s.starts_at < mine.ends_at AND s.ends_at > mine.starts_at
        WHERE mine.class_id = NEW.class_id AND mine.is_cancelled = 0);
END;
CREATE TRIGGER enrollment_clash_changed BEFORE UPDATE OF state ON enrollment
    WHEN NEW.state IN ('offered', 'seated') AND OLD.state NOT IN ('offered', 'seated')
BEGIN
    SELECT RAISE(ABORT, 'learner_clash') WHERE EXISTS (
        SELECT 1 FROM class_session mine JOIN enrollment o ON o.learner_id = NEW.learner_id
            AND o.class_id <> NEW.class_id AND o.state IN ('offered', 'seated')
        JOIN class_session s ON s.class_id = o.class_id AND s.is_cancelled = 0
            AND s.starts_at < mine.ends_at AND s.ends_at > mine.starts_at
        WHERE mine.class_id = NEW.class_id AND mine.is_cancelled = 0);
END;
