//! Colour by role: a widget asks for what something means, never for a colour. Depth is decided once, by the caller.

use ratatui::style::{Color, Modifier, Style};

/// How many colours the terminal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// None: `NO_COLOR`, a dumb terminal.
    None,
    /// The sixteen that a terminal's own palette defines.
    #[default]
    Ansi16,
    /// The indexed 256.
    Ansi256,
    /// 24 bits.
    True,
}

/// Which background colours are made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// A dark background.
    #[default]
    Dark,
    /// A light background.
    Light,
}

impl Palette {
    /// The palette of a name in the configuration.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "dark" => Some(Self::Dark),
            "light" => Some(Self::Light),
            _ => None,
        }
    }
}

/// What something on the screen means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// What people read.
    Text,
    /// What stands beside it.
    Muted,
    /// Rules and frames.
    Faint,
    /// A heading.
    Heading,
    /// The one accent: where one is, what to do now.
    Accent,
    /// The accent on a heading or the row in focus.
    Focus,
    /// Better, done, right.
    Good,
    /// Worse, failed, broken.
    Bad,
    /// Handed to a person: neither good nor bad.
    Handed,
    /// The interval around a trend, where a whole cell lies in it.
    Band,
    /// The edge of that interval: half a cell.
    BandEdge,
    /// The row under the cursor in the list that has the focus.
    Selected,
    /// The row under the cursor in a list without the focus.
    Resting,
    /// A key in a hint.
    Key,
    /// Letters that matched what was typed.
    Match,
}

/// Roles and their styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    depth: Depth,
    palette: Palette,
}

impl Theme {
    /// The theme of a colour depth and a background.
    pub const fn new(depth: Depth, palette: Palette) -> Self {
        Self { depth, palette }
    }

    /// The same for another background.
    pub const fn on(self, palette: Palette) -> Self {
        Self { palette, ..self }
    }

    /// How many colours it uses.
    pub const fn depth(&self) -> Depth {
        self.depth
    }

    /// The style of a role. Every role can be told apart without colour: by weight, by reversal, or because a sign or
    /// a word stands beside it.
    pub fn style(&self, role: Role) -> Style {
        let style = Style::new();
        match role {
            Role::Text => style,
            Role::Muted => self.tint(style, Tint::Grey, Modifier::DIM),
            Role::Faint => self.tint(style, Tint::Faint, Modifier::DIM),
            Role::Heading => style.add_modifier(Modifier::BOLD),
            Role::Accent => self.tint(style, Tint::Accent, Modifier::empty()),
            Role::Focus | Role::Key => self.tint(style, Tint::Accent, Modifier::empty()).add_modifier(Modifier::BOLD),
            Role::Good => self.tint(style, Tint::Good, Modifier::empty()),
            Role::Bad => self.tint(style, Tint::Bad, Modifier::empty()),
            Role::Handed => self.tint(style, Tint::Amber, Modifier::empty()),
            Role::Band => self.ground(Tint::Band).map_or(style, |c| style.bg(c)),
            Role::BandEdge => self.ground(Tint::Band).map_or(style, |c| style.fg(c)),
            // A tint leaves the colours of what is selected as they are.
            Role::Selected if self.has_tints() => self.ground(Tint::Selected).map_or(style, |c| style.bg(c)),
            // Laid over cells of any role: their colours would show through the reversal.
            Role::Selected => style
                .fg(Color::Reset)
                .bg(Color::Reset)
                .add_modifier(Modifier::REVERSED)
                // Matches stay underlined.
                .remove_modifier(Modifier::DIM | Modifier::BOLD),
            Role::Resting => style.add_modifier(Modifier::BOLD),
            Role::Match => {
                self.tint(style, Tint::Accent, Modifier::empty()).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
            }
        }
    }

    /// Whether backgrounds can be a little lighter or darker than the terminal's own: 256 colours and more.
    pub const fn has_tints(&self) -> bool {
        matches!(self.depth, Depth::Ansi256 | Depth::True)
    }

    /// A background; `None` where there are no tints.
    fn ground(&self, tint: Tint) -> Option<Color> {
        tint.color(self.depth, self.palette).filter(|_| self.has_tints())
    }

    fn tint(&self, style: Style, tint: Tint, without: Modifier) -> Style {
        match tint.color(self.depth, self.palette) {
            Some(color) => style.fg(color),
            None => style.add_modifier(without),
        }
    }
}

#[derive(Clone, Copy)]
enum Tint {
    Grey,
    Faint,
    Accent,
    Good,
    Bad,
    Amber,
    Band,
    Selected,
}

/// 16 colours, 256 colours, 24 bits.
type Shades = (Color, u8, (u8, u8, u8));

impl Tint {
    fn color(self, depth: Depth, palette: Palette) -> Option<Color> {
        let (ansi, indexed, (r, g, b)) = match palette {
            Palette::Dark => self.dark(),
            Palette::Light => self.light(),
        };
        match depth {
            Depth::None => None,
            Depth::Ansi16 => Some(ansi),
            Depth::Ansi256 => Some(Color::Indexed(indexed)),
            Depth::True => Some(Color::Rgb(r, g, b)),
        }
    }

    fn dark(self) -> Shades {
        match self {
            Self::Grey => (Color::DarkGray, 246, (148, 150, 156)),
            Self::Faint => (Color::DarkGray, 239, (78, 80, 88)),
            Self::Accent => (Color::Cyan, 80, (94, 200, 210)),
            Self::Good => (Color::Green, 114, (126, 200, 130)),
            Self::Bad => (Color::LightRed, 210, (240, 128, 118)),
            Self::Amber => (Color::Yellow, 179, (214, 178, 94)),
            Self::Band => (Color::DarkGray, 236, (30, 54, 58)),
            Self::Selected => (Color::DarkGray, 237, (42, 48, 60)),
        }
    }

    fn light(self) -> Shades {
        match self {
            Self::Grey => (Color::DarkGray, 242, (104, 106, 112)),
            Self::Faint => (Color::Gray, 250, (188, 190, 196)),
            Self::Accent => (Color::Blue, 25, (0, 95, 135)),
            Self::Good => (Color::Green, 28, (20, 110, 50)),
            Self::Bad => (Color::Red, 124, (170, 30, 30)),
            Self::Amber => (Color::Yellow, 94, (138, 90, 0)),
            Self::Band => (Color::Gray, 195, (214, 232, 236)),
            Self::Selected => (Color::Gray, 254, (226, 230, 238)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 15] = [
        Role::Text,
        Role::Muted,
        Role::Faint,
        Role::Heading,
        Role::Accent,
        Role::Focus,
        Role::Good,
        Role::Bad,
        Role::Handed,
        Role::Band,
        Role::BandEdge,
        Role::Selected,
        Role::Resting,
        Role::Key,
        Role::Match,
    ];

    #[test]
    fn no_colour_means_no_colour() {
        for palette in [Palette::Dark, Palette::Light] {
            let theme = Theme::new(Depth::None, palette);
            let none = |c: Option<Color>| matches!(c, None | Some(Color::Reset));
            assert!(ROLES.into_iter().all(|r| none(theme.style(r).fg) && none(theme.style(r).bg)));
        }
    }

    #[test]
    fn selection_and_focus_do_without_colour() {
        let theme = Theme::new(Depth::None, Palette::Dark);
        assert!(theme.style(Role::Selected).add_modifier.contains(Modifier::REVERSED));
        assert!(theme.style(Role::Focus).add_modifier.contains(Modifier::BOLD));
    }
}
