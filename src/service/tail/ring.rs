//! The newest events, bounded by number and bytes.

use std::collections::VecDeque;

use prost::bytes::Bytes;

use larmor_store::{EventSubject, LogPosition};

/// An event as streams need it.
#[derive(Debug, Clone)]
pub(in crate::service) struct TailEvent {
    /// Its place in the log.
    pub(in crate::service) position: LogPosition,
    /// What filters look at.
    pub(in crate::service) subject: EventSubject,
    /// The message that carries it, encoded.
    pub(in crate::service) message: Bytes,
}

/// How much is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Events.
    pub(super) events: usize,
    /// Bytes of their messages.
    pub(super) bytes: usize,
}

/// A piece of the log without gaps, up to the newest event that was read.
#[derive(Debug)]
pub(super) struct Ring {
    bounds: Bounds,
    /// Where the log stood before the first event kept.
    start: LogPosition,
    events: VecDeque<TailEvent>,
    bytes: usize,
}

impl Ring {
    /// Nothing yet: what comes after a position will be kept.
    pub(super) fn new(start: LogPosition, bounds: Bounds) -> Self {
        Self { bounds, start, events: VecDeque::new(), bytes: 0 }
    }

    /// The newest position that was read.
    pub(super) fn end(&self) -> LogPosition {
        self.events.back().map_or(self.start, |event| event.position)
    }

    /// Adds the next event; the oldest go where there are too many. Behind a gap, which removed
    /// events leave, the ring begins anew.
    pub(super) fn push(&mut self, event: TailEvent) {
        if event.position.cursor != self.end().cursor + 1 {
            *self = Self::new((event.position.cursor - 1).into(), self.bounds);
        }
        self.bytes += event.message.len();
        self.events.push_back(event);
        while self.events.len() > self.bounds.events || self.bytes > self.bounds.bytes {
            let Some(oldest) = self.events.pop_front() else { break };
            self.bytes -= oldest.message.len();
            self.start = oldest.position;
        }
    }

    /// The log was read up to here, and what lies between is no longer kept.
    pub(super) fn move_to(&mut self, end: LogPosition) {
        if end.cursor != self.end().cursor {
            *self = Self::new(end, self.bounds);
        }
    }

    /// The events after a position; none where the position is not in the ring, or another event
    /// stands there than the one that was read.
    pub(super) fn after(&self, position: &LogPosition) -> Option<impl Iterator<Item = &TailEvent>> {
        let index = usize::try_from(position.cursor.checked_sub(self.start.cursor)?).ok()?;
        let here = match index.checked_sub(1) {
            None => self.start,
            Some(before) => self.events.get(before)?.position,
        };
        here.agrees_with(position).then(|| self.events.range(index..))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use larmor_store::{AcquisitionState, EventKind};
    use uuid::Uuid;

    fn position(cursor: i64) -> LogPosition {
        LogPosition { cursor, written: DateTime::from_timestamp(cursor, 0) }
    }

    fn event(cursor: i64, bytes: usize) -> TailEvent {
        TailEvent {
            position: position(cursor),
            subject: EventSubject {
                group: "g".to_owned(),
                instrument: "av500".to_owned(),
                sample: "s".to_owned(),
                kind: EventKind::Processed,
                nucleus: None,
                state: AcquisitionState::Done,
                acquisition: Uuid::nil(),
            },
            message: vec![0; bytes].into(),
        }
    }

    fn ring(events: usize, bytes: usize) -> Ring {
        Ring::new(position(10), Bounds { events, bytes })
    }

    fn cursors(ring: &Ring, position: LogPosition) -> Option<Vec<i64>> {
        Some(ring.after(&position)?.map(|event| event.position.cursor).collect())
    }

    #[test]
    fn what_comes_after_a_position_is_there_from_the_start_on() {
        let mut ring = ring(100, 1000);
        assert_eq!(cursors(&ring, position(10)), Some(vec![]));
        for cursor in 11..=13 {
            ring.push(event(cursor, 1));
        }
        assert_eq!(cursors(&ring, position(10)), Some(vec![11, 12, 13]));
        assert_eq!(cursors(&ring, position(12)), Some(vec![13]));
        assert_eq!(cursors(&ring, position(13)), Some(vec![]));
        assert_eq!(cursors(&ring, 11.into()), Some(vec![12, 13]), "time of writing not known");
        for outside in [-1, 0, 9, 14, i64::MAX, i64::MIN] {
            assert_eq!(cursors(&ring, outside.into()), None, "{outside}");
        }
    }

    #[test]
    fn the_oldest_go_by_number_and_by_bytes() {
        let mut ring = ring(3, 1000);
        for cursor in 11..=15 {
            ring.push(event(cursor, 1));
        }
        assert_eq!(cursors(&ring, position(11)), None);
        assert_eq!(cursors(&ring, position(12)), Some(vec![13, 14, 15]));
        ring.push(event(16, 999));
        assert_eq!(cursors(&ring, position(14)), Some(vec![15, 16]));
        ring.push(event(17, 5000));
        assert_eq!(cursors(&ring, position(17)), Some(vec![]), "larger than all that is kept");
        assert_eq!(ring.bytes, 0);
        ring.push(event(18, 1));
        assert_eq!(cursors(&ring, position(17)), Some(vec![18]));
    }

    #[test]
    fn another_event_at_the_cursor_is_another_history() {
        let mut ring = ring(3, 1000);
        ring.push(event(11, 1));
        for cursor in [10, 11] {
            let other = LogPosition { cursor, written: DateTime::from_timestamp(999, 0) };
            assert_eq!(cursors(&ring, other), None);
        }
    }

    #[test]
    fn behind_a_gap_it_begins_anew() {
        let mut ring = ring(100, 1000);
        ring.push(event(11, 1));
        ring.push(event(20, 1));
        assert_eq!(cursors(&ring, position(11)), None);
        assert_eq!(cursors(&ring, position(19)), Some(vec![20]));
        ring.move_to(position(20));
        assert_eq!(cursors(&ring, position(19)), Some(vec![20]));
        ring.move_to(position(30));
        assert_eq!(cursors(&ring, position(20)), None);
        assert_eq!(cursors(&ring, position(30)), Some(vec![]));
    }
}
