//! How the interface looks on this device, whatever campaign is open.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a person chose of how the interface looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Look {
    /// Light or dark.
    pub theme: Theme,
    /// How large its text is, beside what the system says.
    pub text: TextSize,
    /// Which hand holds the device.
    pub side: Side,
}

/// Light or dark.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How large the text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TextSize {
    /// As the system says.
    #[default]
    Normal,
    /// A quarter larger.
    Large,
    /// Half as large again.
    Larger,
}

/// The hand that holds the device.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Side {
    /// The right one.
    #[default]
    Right,
    /// The left one: bars are mirrored, so that its thumb reaches them.
    Left,
}

impl Theme {
    /// Its word in a file and in a page.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl TextSize {
    /// Its word in a file and in a page.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Large => "large",
            Self::Larger => "larger",
        }
    }
}

impl Side {
    /// Its word in a file and in a page.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Left => "left",
        }
    }
}

impl Look {
    /// What the page's root element bears, so that the first paint is right already.
    #[must_use]
    pub const fn attributes(&self) -> [(&'static str, &'static str); 3] {
        [
            ("data-theme", self.theme.word()),
            ("data-text", self.text.word()),
            ("data-side", self.side.word()),
        ]
    }

    /// The same as a script, for a window whose page is made elsewhere. Some systems run it
    /// before the page has a root element.
    #[must_use]
    pub fn script(&self) -> String {
        let set: String = self
            .attributes()
            .iter()
            .map(|(name, value)| format!("root.setAttribute('{name}','{value}');"))
            .collect();
        format!(
            "(()=>{{const wear=()=>{{const root=document.documentElement;if(!root)return false;\
             {set}return true}};if(!wear())new MutationObserver((_,watch)=>wear()&&\
             watch.disconnect()).observe(document,{{childList:true}})}})()"
        )
    }
}

/// A language of the interface.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Language {
    /// French.
    Fr,
    /// English.
    En,
}

impl Language {
    /// Its code (ISO 639-1).
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The language of a code.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "fr" => Some(Self::Fr),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}
