-- What somebody declared when signing up for a class stays with that sign-up: a later one elsewhere changes neither what was
-- claimed for this class nor the figures of its half year. NULL for sign-ups that take the learner's own.
ALTER TABLE enrollment ADD COLUMN residence TEXT CHECK (residence IN ('urban', 'rural'));
ALTER TABLE enrollment ADD COLUMN groups TEXT;
UPDATE enrollment SET residence = (SELECT l.residence FROM learner l WHERE l.learner_id = enrollment.learner_id),
    groups = (SELECT l.groups FROM learner l WHERE l.learner_id = enrollment.learner_id);
