-- What has ended stays ended.
SELECT 1;
