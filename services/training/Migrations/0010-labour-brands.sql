-- Labour brands are entered by officers: shown or ended, and a form sent twice makes one brand.
ALTER TABLE labour_brand ADD COLUMN state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'ended'));
ALTER TABLE labour_brand ADD COLUMN form_key TEXT;
CREATE UNIQUE INDEX labour_brand_by_form ON labour_brand (form_key);
