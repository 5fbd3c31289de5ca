-- A certificate that was revoked does not stand in the way of another for the same training; one at a time is valid.
ALTER TABLE certificate DROP CONSTRAINT certificate_enrollment_id_key;
CREATE UNIQUE INDEX certificate_by_enrollment ON certificate (enrollment_id) WHERE revoked_on IS NULL;
CREATE INDEX certificate_of_enrollment ON certificate (enrollment_id);
