//! `appraise reviewers`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::count;
use crate::cli::output::table::WordTable;
use crate::store::TeamRole;
use crate::text;
use anyhow::Result;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;

const HELP: &str = "\
Leads and reviewers judge, owners read. Whoever first does something in a store, an import or a decision, is its lead; everybody who decides later joins as a reviewer. \
Only a lead gives roles, and the last lead stays one. Roles order work: who may read or write the file guards it. `undo` takes a \
role back.

Examples:
  appraise reviewers
  appraise reviewers role maria lead
  appraise reviewers role boss owner

JSON: list: list of {\"name\",\"role\",\"added_at\",\"decisions\",\"last\"}, last (when they last decided) may be null; \
role: {\"name\",\"role\",\"step\"}.";

/// Who works here, as what
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Option<ReviewersCommand>,
}

#[derive(Debug, clap::Subcommand)]
enum ReviewersCommand {
    /// List everybody who has worked here
    List,
    /// Give somebody a role
    Role {
        /// Who, as --as names them
        #[arg(value_name = "NAME")]
        name: String,
        /// lead and reviewer judge, owner reads
        #[arg(value_name = "ROLE", value_parser = role())]
        role: TeamRole,
    },
}

fn role() -> impl TypedValueParser<Value = TeamRole> {
    PossibleValuesParser::new(TeamRole::ALL.iter().map(|r| r.name()))
        .try_map(|s| TeamRole::from_name(&s).ok_or("no such role"))
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    match &args.command {
        None | Some(ReviewersCommand::List) => list(cx)?,
        Some(ReviewersCommand::Role { name, role }) => {
            let step = cx.store()?.set_role(cx.reviewer(), cx.now, name, *role)?;
            let name = name.trim();
            match cx.json {
                true => cx.out.json(&json!({"name": name, "role": role, "step": step}))?,
                false => cx.out.line(text::clean(&format!("{name} is {role} now")))?,
            }
        }
    }
    Ok(Exit::Done)
}

fn list(cx: &mut Cx) -> Result<()> {
    let people = cx.store()?.people()?;
    if cx.json {
        return cx.out.json(&people);
    }
    let mut table = WordTable::new(&["name", "role", "decisions", "last"]);
    for p in &people {
        let last = p.last.map_or_else(String::new, |t| t.utc().format("%Y-%m-%d %H:%M").to_string());
        table.row([p.name.clone(), p.role.to_string(), count(p.decisions), last]);
    }
    table.print(&mut cx.out)
}
