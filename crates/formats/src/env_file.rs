//! Env files: lines of `NAME=value`. stackctl writes a block of its own, and keeps all other lines.

mod piece;

pub use self::piece::NotEnv;
use self::piece::{Piece, pieces};
use crate::variables::{is_output, quoted, text};

/// The variables that stackctl writes.
#[derive(Debug)]
pub struct Block<'a> {
    /// The name of the format, which marks the block: a file may have a block of each format.
    pub format: &'a str,
    /// The beginning of the names.
    pub prefix: &'a str,
    /// The names and values.
    pub variables: &'a [(String, String)],
}

/// The names of variables, by what happens to them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Variables that are new in the file.
    pub added: Vec<String>,
    /// Variables with another value before.
    pub changed: Vec<String>,
    /// Variables of the block that are not outputs any more.
    pub removed: Vec<String>,
    /// Variables with the same value before.
    pub unchanged: Vec<String>,
    /// Variables outside the block that have the name of an output and are none of this stack. They stay.
    pub left: Vec<String>,
}

/// The text of the file with the block in it, and the changes.
///
/// A variable that stands outside the block gets its value there. All other lines outside the block stay as they are. A
/// line in the block that stackctl did not write is moved below the block.
///
/// # Errors
/// The first line that is not a line of an env file.
pub fn merge(old: &str, block: &Block<'_>) -> Result<(String, Changes), NotEnv> {
    let line_break = if old.find('\n').is_some_and(|at| old[..at].ends_with('\r')) { "\r\n" } else { "\n" };
    let (begin, end) = block.marks();
    let (begin, end) = (begin.as_str(), end.as_str());
    let old = pieces(old, begin, end)?;
    let is_inside = block.inside(&old);
    let names = |inside: bool| {
        let there = old.iter().zip(&is_inside).filter(move |(_, is_inside)| **is_inside == inside);
        there.filter_map(|(piece, _)| piece.name())
    };
    let outside: Vec<&str> = names(false).collect();
    let own: Vec<_> =
        block.variables.iter().filter(|(name, _)| !outside.contains(&name.as_str())).cloned().collect();
    let mut own = match own.as_slice() {
        [] => String::new(),
        own => format!("{begin} (stackctl replaces these lines)\n{}{end}\n", text(own)),
    };
    own = own.replace('\n', line_break);

    let mut new = String::new();
    let mut at = 0;
    while let Some(piece) = old.get(at) {
        if !is_inside[at] {
            new += &block.with_value(piece);
            at += 1;
            continue;
        }
        let length = is_inside[at..].iter().take_while(|it| **it).count();
        new += &std::mem::take(&mut own);
        for piece in old[at..at + length].iter().filter(|it| !block.wrote(it)) {
            end_line(&mut new, line_break);
            new += piece.text();
        }
        at += length;
    }
    if !own.is_empty() {
        end_line(&mut new, line_break);
        if !(new.is_empty() || new.ends_with("\n\n") || new.ends_with("\n\r\n")) {
            new += line_break;
        }
        new += &own;
    }
    Ok((new, block.changes(&old, names(true), &outside)))
}

impl Block<'_> {
    /// The beginnings of the first and the last line of the block.
    fn marks(&self) -> (String, String) {
        let format = self.format;
        (
            format!("# begin: stackctl outputs --format {format}"),
            format!("# end: stackctl outputs --format {format}"),
        )
    }

    /// Whether stackctl wrote a piece of a block.
    fn wrote(&self, piece: &Piece<'_>) -> bool {
        match piece {
            Piece::Begin(_) | Piece::End(_) => true,
            Piece::Variable { name, .. } => is_output(self.prefix, name),
            Piece::Other(_) => false,
        }
    }

    /// For each piece, whether it is part of a block. A block without its last line ends before the first piece that
    /// stackctl did not write.
    fn inside(&self, pieces: &[Piece<'_>]) -> Vec<bool> {
        let mut inside = vec![false; pieces.len()];
        let mut at = 0;
        while at < pieces.len() {
            let Piece::Begin(_) = pieces[at] else {
                at += 1;
                continue;
            };
            let rest = &pieces[at + 1..];
            let end = rest.iter().position(|it| matches!(it, Piece::Begin(_) | Piece::End(_)));
            let length = match end {
                Some(end) if matches!(rest[end], Piece::End(_)) => end + 2,
                _ => 1 + rest.iter().take_while(|it| it.name().is_some() && self.wrote(it)).count(),
            };
            inside[at..at + length].fill(true);
            at += length;
        }
        inside
    }

    fn wanted(&self, name: &str) -> Option<&str> {
        self.variables.iter().find(|(wanted, _)| wanted == name).map(|(_, value)| value.as_str())
    }

    /// The text of a piece outside the block, with the value of a variable that stackctl writes.
    fn with_value(&self, piece: &Piece<'_>) -> String {
        if let Piece::Variable { text, name, value } = piece
            && let Some(wanted) = self.wanted(name)
            && piece.value().as_deref() != Some(wanted)
        {
            let (before, after) = (&text[..value.start], &text[value.end..]);
            let space = if after.starts_with('#') { " " } else { "" };
            return format!("{before}{}{space}{after}", quoted(wanted));
        }
        piece.text().to_owned()
    }

    fn changes<'a>(
        &self,
        old: &[Piece<'_>],
        inside: impl Iterator<Item = &'a str>,
        outside: &[&'a str],
    ) -> Changes {
        let mut changes = Changes::default();
        for (name, value) in self.variables {
            let before: Vec<_> = old.iter().filter(|it| it.name() == Some(name)).collect();
            let list = if before.is_empty() {
                &mut changes.added
            } else if before.iter().all(|it| it.value().as_ref() == Some(value)) {
                &mut changes.unchanged
            } else {
                &mut changes.changed
            };
            list.push(name.clone());
        }
        let no_more = |name: &&str| is_output(self.prefix, name) && self.wanted(name).is_none();
        let names = |all: Vec<&str>| {
            let mut all: Vec<_> = all.into_iter().filter(no_more).map(str::to_owned).collect();
            all.dedup();
            all
        };
        changes.removed = names(inside.collect());
        if !self.prefix.is_empty() {
            changes.left = names(outside.to_vec());
        }
        changes
    }
}

/// Ends the last line of the text, unless the text is empty.
fn end_line(text: &mut String, line_break: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(line_break);
    }
}

#[cfg(test)]
mod tests;
