//! A run in a terminal: moving lines at the bottom for the steps under way, lines that stay above them for finished
//! resources.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use stackctl_engine::{Address, Event, Plan};

use crate::{
    activity::{Activity, Doing},
    outcome::Outcome,
};
use crate::{
    lines::why_skipped,
    style::{Ink, Style, seconds, shortened, visible, width},
};

/// The most lines of steps that are drawn.
const MOST_LINES: usize = 10;
const FRAMES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/// Clears from the cursor to the end of the line, and to the end of the screen.
const CLEAR_LINE: &str = "\x1b[K";
const CLEAR_BELOW: &str = "\x1b[J";
/// The time between two frames.
pub const FRAME: Duration = Duration::from_millis(100);

/// A run in a terminal. The returned texts move the terminal's cursor.
#[derive(Debug)]
pub struct Live {
    planned: BTreeMap<Address, (Outcome, usize)>,
    finished: BTreeSet<Address>,
    began: Instant,
    /// The moving lines in the terminal; the cursor is below them.
    drawn: Vec<String>,
}

impl Live {
    /// A view of a plan's run; without a plan, of other work.
    pub fn new(plan: Option<&Plan>) -> Live {
        let planned = plan.map(|it| it.entries.iter()).into_iter().flatten().filter(|it| !it.is_use());
        let planned =
            planned.map(|entry| (entry.address.clone(), (Outcome::of(entry), entry.steps.len()))).collect();
        Live { planned, finished: BTreeSet::new(), began: Instant::now(), drawn: Vec::new() }
    }

    /// Draws the standing lines and the steps under way over the lines that were drawn before.
    pub fn draw(
        &mut self,
        activity: &Activity,
        doing_what: &str,
        standing: &[String],
        style: Style,
        now: Instant,
    ) -> String {
        let steps = self.planned.values().map(|(_, steps)| steps).sum();
        let room = style.width.unwrap_or(80).saturating_sub(1);
        let mut view: Vec<String> = standing.iter().map(|line| shortened(line, room)).collect();
        view.extend(self::view(activity, doing_what, steps, self.began, now, style));
        let text = format!("{}{}{CLEAR_BELOW}", self.back(style), lines(&view));
        self.drawn = view;
        text
    }

    /// Puts lines above the moving ones.
    pub fn above(&self, text: &str, style: Style) -> String {
        let above: Vec<String> = text.lines().map(str::to_owned).collect();
        format!("{}{}{}{CLEAR_BELOW}", self.back(style), lines(&above), lines(&self.drawn))
    }

    /// Removes the moving lines.
    pub fn clear(&mut self, style: Style) -> String {
        let text = if self.drawn.is_empty() { String::new() } else { self.back(style) + CLEAR_BELOW };
        self.drawn.clear();
        text
    }

    /// Moves the cursor to where the first of the moving lines begins; a terminal that became narrower has wrapped
    /// them since.
    fn back(&self, style: Style) -> String {
        let columns = style.width.unwrap_or(usize::MAX);
        let rows: usize =
            self.drawn.iter().map(|line| width(&uncoloured(line)).div_ceil(columns).max(1)).sum();
        if rows == 0 { "\r".to_owned() } else { format!("\r\x1b[{rows}A") }
    }

    /// The line that stays, when the event ends a resource's steps.
    pub fn line(&mut self, event: &Event, activity: &Activity, style: Style) -> Option<String> {
        match event {
            Event::Done { address, took, .. } => {
                let done = activity.done.get(address).copied().unwrap_or_default();
                let (outcome, planned) = self.planned.get(address).copied().unwrap_or((Outcome::Changed, 1));
                let now_finished = done >= planned && self.finished.insert(address.clone());
                let tick = style.paint(Ink::Good, "✓");
                let took = if planned == 1 { format!(" ({})", seconds(*took)) } else { String::new() };
                now_finished.then(|| format!("{tick} {address} {}{took}", outcome.past()))
            }
            Event::Failed(failure) => Some(format!(
                "{} {}: {} failed",
                style.paint(Ink::Bad, "✗"),
                failure.address,
                failure.step.action
            )),
            Event::Skipped { address, because } => {
                Some(style.paint(Ink::Faint, &format!("· {address} {}", why_skipped(because.as_ref()))))
            }
            Event::Began { .. } | Event::Waiting { .. } => None,
        }
    }
}

fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}{CLEAR_LINE}\n")).collect()
}

/// A line without colours.
fn uncoloured(line: &str) -> String {
    let mut parts = line.split('\x1b');
    let first = parts.next().unwrap_or_default().to_owned();
    first + &parts.map(|part| part.split_once('m').map_or(part, |(_, text)| text)).collect::<String>()
}

/// The moving lines: the steps under way, the oldest first, and the progress of the whole.
fn view(
    activity: &Activity,
    doing_what: &str,
    steps: usize,
    began: Instant,
    now: Instant,
    style: Style,
) -> Vec<String> {
    let elapsed = now.saturating_duration_since(began);
    let frame = FRAMES[(elapsed.as_millis() / FRAME.as_millis()) as usize % FRAMES.len()];
    let room = style.width.unwrap_or(80).saturating_sub(1);
    let mut running: Vec<(&Address, &Doing)> = activity.running.iter().collect();
    running.sort_by_key(|(_, doing)| doing.since);
    let column = running
        .iter()
        .take(MOST_LINES)
        .map(|(address, _)| width(&address.to_string()))
        .max()
        .unwrap_or_default();
    let mut lines = Vec::new();
    for (address, doing) in running.iter().take(MOST_LINES) {
        let what = match (&doing.wait, &doing.step) {
            (Some((for_what, _)), _) => format!("waiting for {}", visible(for_what)),
            (None, Some(step)) => visible(step.action),
            (None, None) => String::new(),
        };
        let line = format!("{:column$}  {what}", address.to_string());
        let line = beside_time(&line, doing.takes(now), room.saturating_sub(2));
        lines.push(format!("{} {line}", style.paint(Ink::Change, frame)));
    }
    if running.len() > MOST_LINES {
        lines.push(style.paint(Ink::Faint, &format!("  and {} more", running.len() - MOST_LINES)));
    }
    let done = activity.steps_done();
    // There may be more steps than planned: a new resource may need more steps than the plan could know.
    let far = if steps == 0 {
        doing_what.to_owned()
    } else {
        format!("{doing_what}: {done} of {} steps", steps.max(done))
    };
    let last = beside_time(&far, elapsed, room.saturating_sub(2));
    lines.push(format!(
        "{} {}",
        style.paint(Ink::Change, if running.is_empty() { frame } else { " " }),
        style.paint(Ink::Faint, &last)
    ));
    lines
}

/// The text and a duration; a text that is too long is shortened.
fn beside_time(text: &str, took: Duration, room: usize) -> String {
    let time = format!("  {:.1} s", took.as_secs_f64());
    format!("{}{time}", shortened(text, room.saturating_sub(width(&time))))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::samples;

    fn check(count: usize, width: usize, expected: Expect) {
        let (mut activity, start) = (Activity::default(), Instant::now());
        for event in samples::run().iter().take(count) {
            activity.take(event, start);
        }
        let style = Style { width: Some(width), ..Style::default() };
        let lines = view(&activity, "applying", 6, start, start + Duration::from_millis(3_210), style);
        assert!(lines.iter().all(|line| super::width(line) < width));
        expected.assert_eq(&(lines.join("\n") + "\n"));
    }

    #[test]
    fn what_is_under_way() {
        check(
            6,
            80,
            expect![[r#"
                ⠹ function.presign  waiting for the role to become usable by Lambda  3.2 s
                  applying: 2 of 6 steps  3.2 s
            "#]],
        );
    }

    #[test]
    fn a_narrow_terminal() {
        check(
            6,
            44,
            expect![[r#"
                ⠹ function.presign  waiting for the…  3.2 s
                  applying: 2 of 6 steps  3.2 s
            "#]],
        );
    }

    #[test]
    fn the_moving_lines_are_drawn_over_and_taken_away() {
        let (activity, mut live) = (Activity::default(), Live::new(None));
        let began = live.began;
        let style = Style { colour: true, width: Some(80), verbose: false };
        let narrow = Style { width: Some(10), ..style };
        let said = [
            live.clear(style),
            live.draw(&activity, "looking at the stack", &[], style, began),
            live.above("a line", style),
            live.draw(&activity, "looking", &["a standing line".to_owned()], narrow, began),
            live.clear(style),
        ];
        expect![[r#"

            \r\u{1b}[33m⠋\u{1b}[0m \u{1b}[2mlooking at the stack  0.0 s\u{1b}[0m\u{1b}[K\n\u{1b}[J
            \r\u{1b}[1Aa line\u{1b}[K\n\u{1b}[33m⠋\u{1b}[0m \u{1b}[2mlooking at the stack  0.0 s\u{1b}[0m\u{1b}[K\n\u{1b}[J
            \r\u{1b}[3Aa standi…\u{1b}[K\n\u{1b}[33m⠋\u{1b}[0m \u{1b}[2m…  0.0 s\u{1b}[0m\u{1b}[K\n\u{1b}[J
            \r\u{1b}[2A\u{1b}[J"#]].assert_eq(&said.map(|it| it.escape_debug().to_string()).join("\n"));
    }

    #[test]
    fn what_stays() {
        let (mut activity, mut live, style) = (Activity::default(), Live::new(None), Style::default());
        let mut lines = Vec::new();
        for event in samples::run() {
            activity.take(&event, Instant::now());
            lines.extend(live.line(&event, &activity, style));
        }
        expect![[r#"
            ✓ bucket.uploads changed (0.12 s)
            ✗ function.presign: create failed
            · rest_api.uploads skipped, because it needs function.presign
            · user_pool.users skipped"#]]
        .assert_eq(&lines.join("\n"));
    }
}
