-- Whether a member of another organization adds own records.
ALTER TABLE case_team_members ADD COLUMN level TEXT NOT NULL DEFAULT 'read' CONSTRAINT case_team_members_level_check CHECK (level IN ('read', 'contribute'));
-- The membership by which a contact was added from outside.
CREATE TABLE case_contributions (
  contact_id UUID NOT NULL PRIMARY KEY REFERENCES case_contacts (id),
  membership_id UUID NOT NULL REFERENCES case_team_members (id)
);
CREATE INDEX case_contributions_membership ON case_contributions (membership_id, contact_id);
