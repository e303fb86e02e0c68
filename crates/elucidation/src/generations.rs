//! What was made lately, kept up to a number: things of two generations.

use std::collections::HashMap;
use std::hash::Hash;

/// When the younger generation is full it becomes the older one, and what nobody asked for since goes.
#[derive(Debug)]
pub(crate) struct Generations<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    most: usize,
}

impl<K: Eq + Hash, V: Clone> Generations<K, V> {
    /// Keeps `most` things at most.
    pub(crate) fn new(most: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), most }
    }

    pub(crate) fn get<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some(found) = self.young.get(key) {
            return Some(found.clone());
        }
        let (key, found) = self.old.remove_entry(key)?;
        self.put(key, found.clone());
        Some(found)
    }

    pub(crate) fn put(&mut self, key: K, value: V) {
        if self.young.len() >= self.most / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_no_more_than_so_many_are_kept() {
        let mut kept = Generations::new(4);
        for number in 0..100 {
            kept.put(number, number);
            assert_eq!(kept.get(&0), Some(0));
            assert!(kept.young.len() + kept.old.len() <= 4);
        }
        assert_eq!(kept.get(&1), None);
        assert_eq!(kept.get(&99), Some(99));
    }
}
