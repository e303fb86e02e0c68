//! Places of labels in one row.

/// A label that wants to stand at `at`, pixels; where there is no room the least important is left
/// out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) at: f64,
    pub(crate) importance: f64,
}

/// Places labels, each `room` pixels wide, between two edges so that none covers another and their
/// order is that of what they name: lines from one to the other never cross. Together they are moved
/// least, in squares. A label that would end up further than `reach` from its signal costs the least
/// important label of its crowd its place. Gives places in `wanted` with the middles of their
/// labels, from left to right.
pub(crate) fn place(
    wanted: &[Wanted],
    [left, right]: [f64; 2],
    room: f64,
    reach: f64,
) -> Vec<(usize, f64)> {
    let mut kept: Vec<usize> = thinned(wanted, [left, right], room, reach);
    kept.sort_by(|&a, &b| wanted[a].at.total_cmp(&wanted[b].at).then(a.cmp(&b)));
    // As many as the row can hold at all.
    loop {
        let places = spread(kept.iter().map(|&label| wanted[label].at), [left, right], room);
        let crowded = match &places {
            None => 0..kept.len(),
            Some(places) => {
                let away = |place: usize| (places[place].0 - wanted[kept[place]].at).abs();
                let farthest = (0..kept.len()).max_by(|&a, &b| away(a).total_cmp(&away(b)));
                let Some(farthest) = farthest.filter(|&label| away(label) > reach + 1e-9) else {
                    let middles = places.iter().map(|place| place.0);
                    return kept.iter().copied().zip(middles).collect();
                };
                let crowd = places[farthest].1;
                let first = places.iter().position(|place| place.1 == crowd).unwrap_or(farthest);
                let last = places.iter().rposition(|place| place.1 == crowd).unwrap_or(farthest);
                first..last + 1
            }
        };
        let least = crowded.min_by(|&a, &b| {
            wanted[kept[a]].importance.total_cmp(&wanted[kept[b]].importance).then(b.cmp(&a))
        });
        match least {
            Some(least) => kept.remove(least),
            None => return Vec::new(),
        };
    }
}

/// Leaves out at once what cannot have a place beside the more important around it: of thousands of
/// labels dozens remain.
fn thinned(wanted: &[Wanted], [left, right]: [f64; 2], room: f64, reach: f64) -> Vec<usize> {
    let mut order: Vec<usize> =
        (0..wanted.len()).filter(|&k| (left..=right).contains(&wanted[k].at)).collect();
    order.sort_by(|&a, &b| wanted[b].importance.total_cmp(&wanted[a].importance).then(a.cmp(&b)));
    let mut kept: Vec<usize> = Vec::new();
    for label in order {
        let beside = |other: &&usize| (wanted[**other].at - wanted[label].at).abs() <= reach;
        let taken = kept.iter().filter(beside).count() + 1;
        if taken as f64 * room <= 2.5 * reach + room {
            kept.push(label);
        }
    }
    kept
}

/// Where labels at these places (ascending) go, each with the number of its crowd; `None` where the
/// row is too short for all. Least squares among ascending sequences: neighbours that are out of
/// order, once the widths before each are taken off, are pooled.
fn spread(
    wanted: impl Iterator<Item = f64>,
    [left, right]: [f64; 2],
    room: f64,
) -> Option<Vec<(f64, usize)>> {
    let mut pools: Vec<(f64, usize)> = Vec::new();
    let mut count = 0;
    for (place, at) in wanted.enumerate() {
        let mut pool = (at - place as f64 * room, 1);
        while let Some(last) = pools.pop_if(|last| last.0 / last.1 as f64 > pool.0 / pool.1 as f64)
        {
            pool = (pool.0 + last.0, pool.1 + last.1);
        }
        pools.push(pool);
        count = place + 1;
    }
    // Bounds on an ascending sequence bound its first and its last.
    let lowest = left + room / 2.0;
    let highest = right - room / 2.0 - count.max(1).saturating_sub(1) as f64 * room;
    if highest < lowest {
        return if count == 0 { Some(Vec::new()) } else { None };
    }
    let mut places = Vec::with_capacity(count);
    for (number, (sum, size)) in pools.iter().enumerate() {
        let mean = sum / *size as f64;
        // All that an end of the row holds back is one crowd.
        let crowd = match mean {
            mean if mean <= lowest => usize::MAX,
            mean if mean >= highest => usize::MAX - 1,
            _ => number,
        };
        for _ in 0..*size {
            places.push((mean.clamp(lowest, highest) + places.len() as f64 * room, crowd));
        }
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_has_room_stands_where_it_wants() {
        let wanted = [50.0, 100.0, 20.0].map(|at| Wanted { at, importance: 1.0 });
        assert_eq!(place(&wanted, [0.0, 200.0], 10.0, 30.0), [(2, 20.0), (0, 50.0), (1, 100.0)]);
        assert_eq!(place(&[], [0.0, 200.0], 10.0, 30.0), []);
    }

    #[test]
    fn a_crowd_spreads_evenly_and_loses_its_least() {
        let wanted = [100.0, 100.0].map(|at| Wanted { at, importance: 1.0 });
        assert_eq!(place(&wanted, [0.0, 200.0], 10.0, 30.0), [(0, 95.0), (1, 105.0)]);
        let crowd: Vec<Wanted> =
            (0..40).map(|k| Wanted { at: 100.0, importance: f64::from(k) }).collect();
        let placed = place(&crowd, [0.0, 200.0], 10.0, 30.0);
        let kept: Vec<usize> = placed.iter().map(|one| one.0).collect();
        assert_eq!(kept, (33..40).collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn labels_never_overlap_cross_or_stray(
            wanted in prop::collection::vec((0.0_f64..500.0, 0.0_f64..1.0), 0..120),
            room in 2.0_f64..40.0, reach in 1.0_f64..80.0
        ) {
            let wanted: Vec<Wanted> =
                wanted.into_iter().map(|(at, importance)| Wanted { at, importance }).collect();
            let placed = place(&wanted, [0.0, 500.0], room, reach);
            prop_assert_eq!(placed.is_empty(), wanted.is_empty() || placed.is_empty() && reach < room);
            for pair in placed.windows(2) {
                prop_assert!(pair[1].1 - pair[0].1 >= room - 1e-6);
                prop_assert!(wanted[pair[0].0].at <= wanted[pair[1].0].at);
            }
            for (label, x) in placed {
                prop_assert!((x - wanted[label].at).abs() <= reach + 1e-6);
                prop_assert!(x >= room / 2.0 - 1e-6 && x <= 500.0 - room / 2.0 + 1e-6);
            }
        }
    }
}
