//! Typed indices, so that no bare number is an id, and tables that only the right index opens.

use std::marker::PhantomData;

/// A typed index into a [`Table`].
pub trait Index: Copy + Eq + Ord + std::hash::Hash + std::fmt::Debug {
    /// The index of row `i`.
    fn new(i: usize) -> Self;
    /// The row number.
    fn index(self) -> usize;
}

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);
        impl $crate::words::Index for $name {
            fn new(i: usize) -> Self {
                Self(u32::try_from(i).expect("a list has fewer than 2^32 rows"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}
pub(crate) use index;

/// A list whose rows are named by one index type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<I, T> {
    rows: Vec<T>,
    of: PhantomData<I>,
}

impl<I: Index, T> Table<I, T> {
    /// The table of these rows.
    #[must_use]
    pub fn new(rows: Vec<T>) -> Self {
        Self { rows, of: PhantomData }
    }
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }
    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
    /// All indices, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + Clone + use<I, T> {
        (0..self.rows.len()).map(I::new)
    }
    /// All rows with their indices, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator + Clone {
        self.rows.iter().enumerate().map(|(i, row)| (I::new(i), row))
    }
    /// The rows alone.
    #[must_use]
    pub fn rows(&self) -> &[T] {
        &self.rows
    }
    /// The row, if the index is inside.
    #[must_use]
    pub fn get(&self, i: I) -> Option<&T> {
        self.rows.get(i.index())
    }
    /// Adds a row and returns its index.
    pub fn push(&mut self, row: T) -> I {
        self.rows.push(row);
        I::new(self.rows.len() - 1)
    }
}

impl<I: Index, T> Default for Table<I, T> {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl<I: Index, T> FromIterator<T> for Table<I, T> {
    fn from_iter<It: IntoIterator<Item = T>>(rows: It) -> Self {
        Self::new(rows.into_iter().collect())
    }
}

impl<I: Index, T> std::ops::Index<I> for Table<I, T> {
    type Output = T;
    fn index(&self, i: I) -> &T {
        &self.rows[i.index()]
    }
}

impl<I: Index, T> std::ops::IndexMut<I> for Table<I, T> {
    fn index_mut(&mut self, i: I) -> &mut T {
        &mut self.rows[i.index()]
    }
}
