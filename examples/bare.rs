//! The floor of a first frame: opens a store, reads one page by row number and draws it with ratatui; any key ends it.
//! `benches/compare/large.py` times it beside the program itself.

use ratatui::widgets::{List, ListItem};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("give a store")?;
    let conn = rusqlite::Connection::open(path)?;
    let mut terminal = ratatui::init();
    let rows = usize::from(terminal.size()?.height);
    let mut statement = conn.prepare(
        "SELECT c.id, t.text FROM conversation c LEFT JOIN turn t ON t.id = (c.id << 20 | c.failing_turn)
         ORDER BY c.id DESC LIMIT ?",
    )?;
    let page: Vec<String> = statement
        .query_map([rows], |r| {
            let (id, text): (i64, Option<String>) = (r.get(0)?, r.get(1)?);
            Ok(format!("{id:>8}  {}", text.unwrap_or_default()))
        })?
        .collect::<Result<_, _>>()?;
    let drawn = terminal.draw(|frame| {
        // Nothing hostile reaches a terminal, here neither: ratatui drops control characters.
        let items = page.iter().map(|line| ListItem::new(line.as_str()));
        frame.render_widget(List::new(items), frame.area());
    });
    drawn?;
    crossterm::event::read()?;
    ratatui::restore();
    Ok(())
}
