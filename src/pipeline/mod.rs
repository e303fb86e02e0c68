//! The worker: lease an acquisition, run the road, commit or record the failure.
