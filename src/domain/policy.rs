//! The rules' settings: mode, weight and parameters of each, after defaults.

use crate::rules::{RULES, RuleIx};
use crate::words::{Index, Table};

/// How strictly a rule is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Never broken.
    Hard,
    /// Broken at a cost.
    Soft,
    /// Not asked.
    Off,
}

impl Mode {
    /// Its name in the files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Soft => "soft",
            Self::Off => "off",
        }
    }
}

/// A value of a rule's parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// One of the parameter's choices.
    Choice(&'static str),
    /// A list of rules.
    Rules(Vec<RuleIx>),
}

/// How one rule is set.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Hard, soft or off.
    pub mode: Mode,
    /// Points per unit of the measure.
    pub weight: f64,
    /// Values of the rule's parameters, in its order.
    pub values: Vec<(&'static str, Value)>,
}

impl Setting {
    fn value(&self, name: &str) -> &Value {
        &self.values.iter().find(|(n, _)| *n == name).unwrap_or_else(|| panic!("the rule registers a parameter {name}")).1
    }

    /// The number of a parameter.
    ///
    /// # Panics
    /// If the rule registers no number of that name: an error in the rule's own file.
    #[must_use]
    pub fn number(&self, name: &str) -> f64 {
        let Value::Number(n) = self.value(name) else { panic!("{name} is registered as a number") };
        *n
    }

    /// The yes or no of a parameter.
    ///
    /// # Panics
    /// As [`Setting::number`].
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        let Value::Flag(f) = self.value(name) else { panic!("{name} is registered as a flag") };
        *f
    }

    /// The choice of a parameter.
    ///
    /// # Panics
    /// As [`Setting::number`].
    #[must_use]
    pub fn choice(&self, name: &str) -> &'static str {
        let Value::Choice(c) = self.value(name) else { panic!("{name} is registered as a choice") };
        c
    }

    /// The rules that a parameter lists.
    ///
    /// # Panics
    /// As [`Setting::number`].
    #[must_use]
    pub fn rules(&self, name: &str) -> &[RuleIx] {
        let Value::Rules(r) = self.value(name) else { panic!("{name} is registered as a list of rules") };
        r
    }

    /// Whether the rule is asked at all.
    #[must_use]
    pub fn on(&self) -> bool {
        self.mode != Mode::Off
    }
}

/// How every rule is set.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    settings: Table<RuleIx, Setting>,
}

impl Policy {
    /// The policy of these settings, one per registered rule, in the registry's order.
    ///
    /// # Panics
    /// If there are more or fewer.
    #[must_use]
    pub fn new(settings: Vec<Setting>) -> Self {
        assert_eq!(settings.len(), RULES.len(), "one setting per rule");
        Self { settings: Table::new(settings) }
    }

    /// The setting of a rule.
    #[must_use]
    pub fn of(&self, rule: RuleIx) -> &Setting {
        &self.settings[rule]
    }

    /// The setting of a rule by its id.
    ///
    /// # Panics
    /// If no rule has that id.
    #[must_use]
    pub fn named(&self, id: &str) -> &Setting {
        let ix = RULES.iter().position(|r| r.id == id).unwrap_or_else(|| panic!("{id} is a registered rule"));
        self.of(RuleIx::new(ix))
    }

    /// All rules that are not off, with their settings, in the registry's order.
    pub fn asked(&self) -> impl Iterator<Item = (RuleIx, &Setting)> {
        self.settings.iter().filter(|(_, s)| s.on())
    }

    /// Replaces one setting: for scenarios and for tests.
    #[must_use]
    pub fn with(mut self, rule: RuleIx, setting: Setting) -> Self {
        self.settings[rule] = setting;
        self
    }
}
