-- A list narrowed to a tier reads on in the order of points.
CREATE INDEX alert_by_tier ON alert (state, direction, tier, points DESC, household_id);
-- One household's page shows all of its alerts, the closed ones too.
CREATE INDEX alert_by_household ON alert (household_id, alert_id);
-- An officer looks for a person by name.
CREATE INDEX person_by_name ON person (name);
