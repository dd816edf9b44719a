//! Rounds of several contestants in turn, and a table of the results. Medians are used, because the machine has other
//! work too. Ratios are taken within a round, because a disturbance hits neighbouring contestants alike.
use crate::load::Round;
use std::time::Duration;

/// Rounds that count.
const ROUNDS: usize = 9;

/// One line of a table.
struct Line {
    name: String,
    rounds: Vec<(Round, Option<Duration>)>,
}

impl Line {
    fn per_second(&self) -> f64 {
        median(self.rounds.iter().map(|(it, _)| it.per_second))
    }
    /// Microseconds of the server's processor time for each request.
    fn cpu(&self) -> Option<f64> {
        let of = |(round, cpu): &(Round, Option<Duration>)| {
            Some(cpu.as_ref()?.as_secs_f64() * 1e6 / count(round.answered.max(1)))
        };
        let all: Option<Vec<f64>> = self.rounds.iter().map(of).collect();
        all.map(|it| median(it.into_iter()))
    }
    /// The ratio of throughputs to the other contestant: the median over the rounds.
    fn against(&self, other: &Self) -> f64 {
        let pairs = self.rounds.iter().zip(&other.rounds);
        median(pairs.map(|((mine, _), (theirs, _))| mine.per_second / theirs.per_second))
    }
}

fn count(it: usize) -> f64 {
    f64::from(u32::try_from(it).unwrap_or(u32::MAX))
}

fn median(all: impl Iterator<Item = f64>) -> f64 {
    let mut all: Vec<f64> = all.collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A contestant: its name, a function that runs one round, and the processor time that its process has used.
pub struct Contestant<'c> {
    pub name: &'c str,
    pub round: Box<dyn Fn() -> Round + 'c>,
    pub cpu: Box<dyn Fn() -> Option<Duration> + 'c>,
}

/// The ratio of throughputs that the first contestant must reach against another one.
pub struct Aim<'c> {
    pub against: &'c str,
    pub at_least: f64,
}

/// Runs the contestants in turn, in alternating order, and prints the results. The first round only warms up.
pub fn hold(title: &str, contestants: &[Contestant<'_>], aims: &[Aim<'_>]) {
    let mut lines: Vec<Line> =
        contestants.iter().map(|it| Line { name: it.name.to_owned(), rounds: Vec::new() }).collect();
    for n in 0..=ROUNDS {
        let mut order: Vec<usize> = (0..contestants.len()).collect();
        if n % 2 == 1 {
            order.reverse();
        }
        for at in order {
            let before = (contestants[at].cpu)();
            let round = (contestants[at].round)();
            let used =
                (contestants[at].cpu)().zip(before).map(|(after, before)| after.saturating_sub(before));
            if n > 0 {
                lines[at].rounds.push((round, used));
            }
        }
    }
    print(title, &lines, aims);
}

fn print(title: &str, lines: &[Line], aims: &[Aim<'_>]) {
    println!("\n{title}");
    println!("  {:<34} {:>9} {:>8} {:>10} {:>9} {:>9}", "", "1/s", "ratio", "CPU, µs", "p50, ms", "p99, ms");
    let Some(base) = lines.last() else { return };
    for line in lines {
        let ms =
            |of: fn(&Round) -> Duration| median(line.rounds.iter().map(|(it, _)| of(it).as_secs_f64() * 1e3));
        let cpu = line.cpu().map_or_else(|| "—".to_owned(), |it| format!("{it:.1}"));
        println!(
            "  {:<34} {:>9.0} {:>8.2} {cpu:>10} {:>9.2} {:>9.2}",
            line.name,
            line.per_second(),
            line.against(base),
            ms(|it| it.p50),
            ms(|it| it.p99),
        );
        let refused: usize = line.rounds.iter().map(|(it, _)| it.refused).sum();
        if refused > 0 {
            println!("  {:<34} {refused} requests were refused", "");
        }
    }
    for aim in aims {
        let (Some(first), Some(other)) = (lines.first(), lines.iter().find(|it| it.name == aim.against))
        else {
            continue;
        };
        let ratio = first.against(other);
        let verdict = if ratio >= aim.at_least { "reached" } else { "MISSED" };
        println!(
            "  {} / {}: {ratio:.2}, the aim of {:.2} is {verdict}",
            first.name, aim.against, aim.at_least
        );
    }
}
