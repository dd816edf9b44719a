-- Meetings of all mentorships by time, and the next one of each.
CREATE INDEX meetings_at ON meetings (at DESC, id DESC);
CREATE INDEX meetings_next ON meetings (mentorship_id, at DESC) WHERE state = 'planned';
-- The member of staff who has taken an application under review.
ALTER TABLE mentor_applications ADD COLUMN reviewer_user_id UUID NULL;
CREATE INDEX mentor_applications_reviewer ON mentor_applications (reviewer_user_id, id DESC);
