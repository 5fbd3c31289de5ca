-- For which organisation an account works (a school's): its unified social credit code; NULL for the government's people.
ALTER TABLE account ADD COLUMN organisation TEXT CHECK (length(organisation) = 18);
