-- Words the columns are known by, and where structures proposed for a sample lie.
ALTER TABLE acquisitions RENAME COLUMN sighted_at TO discovered_at;
ALTER TABLE acquisitions RENAME COLUMN judge_only TO elucidate_only;
ALTER INDEX acquisitions_stranded RENAME TO acquisitions_retryable;
ALTER VIEW instrument_activity RENAME COLUMN last_sighted TO last_discovered;
COMMENT ON COLUMN instrument_activity.median_seconds_to_result IS 'Median seconds from the last write (or the discovery, if later) to the result.';

ALTER TABLE acquisitions ADD COLUMN in_sample_directory boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN acquisitions.in_sample_directory IS 'True when the directory around it is its sample''s, by the path rule: structures there are proposed for the sample, not only those in its own directory.';
-- Earlier versions told it from the path each time: a directory above is named like the sample,
-- and the dataset itself is not the sample.
UPDATE acquisitions a SET in_sample_directory = true
FROM (SELECT id, sample, experiment, names[: cardinality(names) - 1] AS above,
             regexp_replace(names[cardinality(names)],
                            '^(.+?)(\.fid)?(\.(jdf|jdx|dx|jcamp)(\.gz)?)?$', '\1', 'i') AS dataset
      FROM (SELECT x.id, s.name AS sample, x.experiment_number AS experiment,
                   array_remove(string_to_array(x.path, '/'), '') AS names
            FROM acquisitions x JOIN samples s ON s.id = x.sample_id) AS split) AS place
WHERE place.id = a.id AND place.sample = ANY (place.above)
  AND NOT (place.dataset = place.sample AND place.experiment IS DISTINCT FROM place.dataset);
