-- Meetings of all mentorships by time, and the next one of each.
CREATE INDEX meetings_at ON meetings (at DESC, id DESC);
CREATE INDEX meetings_next ON meetings (mentorship_id, at DESC) WHERE state = 'planned';
