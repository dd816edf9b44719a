-- Families of which nobody lives are sought for every waiting list and round: among the few dead, not among all people.
CREATE INDEX people_dead ON people (id) WHERE died_on IS NOT NULL;
