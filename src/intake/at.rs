//! Where intake is in the instance: kept as links on the stack, and put into words only for a message.

use crate::io::child_path;

/// A place in the instance.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    up: Option<&'a At<'a>>,
    part: Part<'a>,
}

#[derive(Clone, Copy)]
enum Part<'a> {
    Field(&'a str),
    Item(usize),
    Row(usize, &'a str),
}

impl<'a> At<'a> {
    /// A field of the instance.
    pub(super) fn top(name: &'a str) -> Self {
        Self { up: None, part: Part::Field(name) }
    }

    /// A field, or an entry of a map.
    pub(super) fn field<'b>(&'b self, name: &'b str) -> At<'b> {
        At { up: Some(self), part: Part::Field(name) }
    }

    /// An item of a list.
    pub(super) fn item(&self, i: usize) -> At<'_> {
        At { up: Some(self), part: Part::Item(i) }
    }

    /// An item of a list that has a name or an id.
    pub(super) fn row<'b>(&'b self, i: usize, name: Option<&'b String>, id: &'b str) -> At<'b> {
        At { up: Some(self), part: Part::Row(i, name.map_or(id, String::as_str)) }
    }

    /// The path, for instance `participants[3].mobility.max_km`.
    pub(super) fn path(&self) -> String {
        let before = self.up.map(At::path).unwrap_or_default();
        match self.part {
            Part::Field(name) => child_path(&before, name),
            Part::Item(i) | Part::Row(i, _) => format!("{before}[{i}]"),
        }
    }

    /// The row that the path leads through, as a user knows it: `participants[3] 'Ana Ruiz'`; without a row, the path.
    pub(super) fn who(&self) -> String {
        let mut outermost = None;
        let mut at = Some(self);
        while let Some(here) = at {
            if let Part::Row(_, name) = here.part {
                outermost = Some((here, name));
            }
            at = here.up;
        }
        match outermost {
            Some((row, "")) => row.path(),
            Some((row, name)) => format!("{} '{name}'", row.path()),
            None => self.outermost_item().unwrap_or(*self).path(),
        }
    }

    /// The row and the field in it: `participants[3] 'Ana Ruiz': 'carried'`; without a row, the path in quotes.
    pub(super) fn subject(&self) -> String {
        if self.has_row() { format!("{}: '{}'", self.who(), self.last()) } else { format!("'{}'", self.path()) }
    }

    /// The last field of the path, with the item of its list.
    fn last(&self) -> String {
        match self.part {
            Part::Field(name) => name.to_owned(),
            Part::Item(i) | Part::Row(i, _) => self.up.map(At::last).unwrap_or_default() + &format!("[{i}]"),
        }
    }

    fn has_row(&self) -> bool {
        matches!(self.part, Part::Row(..)) || self.up.is_some_and(At::has_row)
    }

    fn outermost_item(&self) -> Option<Self> {
        self.up.and_then(At::outermost_item).or_else(|| matches!(self.part, Part::Item(_)).then_some(*self))
    }
}
