//! The candidates for one beneficiary: possible mentors, and the reasons against all others.
use super::pool::{self, Question};
use super::rules;
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::waits;
use crate::mentorships::mentor_names;
use crate::region::programs;
use crate::sight::{Own, must_refer};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, EditionId, MatchingRulesId, MentorId, ProgramId};
use domain::base::refusal::Refused;
use domain::base::text::MISSING;
use domain::matching::*;
use shape::{card, filter};
use std::collections::HashMap;

/// A possible mentor: no rule forbids the pair.
#[card]
pub struct CandidateCard {
    /// The place among the possible mentors, from 1. They are ordered by choice, then by fit.
    #[schema(minimum = 1, maximum = 10_000_000, example = 1)]
    pub place: i64,
    /// The possible mentor.
    pub mentor_id: MentorId,
    /// The name of the mentor.
    #[schema(max_length = 400, example = "Белов Пётр Ильич")]
    pub mentor_name: String,
    /// Free seats of the mentor in this program.
    #[schema(minimum = 0, maximum = 3, example = 1)]
    pub free_seats: i64,
    /// The fit of the two, by criterion.
    pub pair: PairAssessment,
}

/// A mentor who is not possible, because rules forbid the pair.
#[card]
pub struct ExcludedCard {
    /// The excluded mentor.
    pub mentor_id: MentorId,
    /// The name of the mentor.
    #[schema(max_length = 400, example = "Белов Пётр Ильич")]
    pub mentor_name: String,
    /// Every rule that forbids the pair.
    #[schema(max_items = 40)]
    pub barriers: Vec<Barrier>,
}

/// The candidates for one beneficiary.
#[card]
pub struct CandidateList {
    /// The beneficiary in question.
    pub beneficiary_id: BeneficiaryId,
    /// The program in question.
    pub program_id: ProgramId,
    /// The edition of the program in force on the day.
    pub edition_id: EditionId,
    /// The edition of the rules of matching; absent: the default rules of the product.
    pub rules_id: Option<MatchingRulesId>,
    /// The day on which people are judged.
    pub as_of: NaiveDate,
    /// The rules that keep the beneficiary from having any mentor.
    #[schema(max_items = 40)]
    pub barriers: Vec<Barrier>,
    /// The priority of the beneficiary; 0 is the least urgent.
    #[schema(minimum = 0, maximum = 31, example = 9)]
    pub priority: i64,
    /// The number of days since the beneficiary began to wait.
    #[schema(minimum = 0, maximum = 100_000, example = 75)]
    pub waiting_days: i64,
    /// The best possible mentors, the best first.
    #[schema(max_items = 50)]
    pub items: Vec<CandidateCard>,
    /// The number of possible mentors.
    #[schema(minimum = 0, maximum = 10_000_000, example = 12)]
    pub possible: i64,
    /// The first excluded mentors, ordered by id.
    #[schema(max_items = 200)]
    pub excluded: Vec<ExcludedCard>,
    /// The number of excluded mentors.
    #[schema(minimum = 0, maximum = 10_000_000, example = 31)]
    pub excluded_count: i64,
    /// The number of mentors that each rule excludes, in the order of the catalogue.
    #[schema(max_items = 40)]
    pub counts: Vec<BarrierCount>,
}

impl Card for CandidateList {
    fn personal(&self) -> Vec<Subject> {
        let beneficiary = Subject::new(SubjectKind::Beneficiary, self.beneficiary_id);
        let shown =
            self.items.iter().map(|it| it.mentor_id).chain(self.excluded.iter().map(|it| it.mentor_id));
        std::iter::once(beneficiary).chain(shown.map(|it| Subject::new(SubjectKind::Mentor, it))).collect()
    }
}

/// The place of a pair among others.
#[card]
pub struct PlaceAmong {
    /// The place, from 1.
    #[schema(minimum = 1, maximum = 10_000_000, example = 2)]
    pub place: i64,
    /// The number of places.
    #[schema(minimum = 1, maximum = 10_000_000, example = 12)]
    pub of: i64,
}

/// A pair of one beneficiary and one mentor, judged from both sides.
#[card]
pub struct CandidatePair {
    /// The beneficiary of the pair.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor of the pair.
    pub mentor_id: MentorId,
    /// The name of the mentor.
    #[schema(max_length = 400, example = "Белов Пётр Ильич")]
    pub mentor_name: String,
    /// The program in question.
    pub program_id: ProgramId,
    /// The edition of the rules of matching; absent: the default rules of the product.
    pub rules_id: Option<MatchingRulesId>,
    /// The day on which people are judged.
    pub as_of: NaiveDate,
    /// Every rule that forbids the pair.
    #[schema(max_items = 40)]
    pub barriers: Vec<Barrier>,
    /// The fit of the two, by criterion.
    pub pair: PairAssessment,
    /// Free seats of the mentor in this program.
    #[schema(minimum = 0, maximum = 3, example = 1)]
    pub free_seats: i64,
    /// The place of the mentor among the beneficiary's possible mentors; present only if no rule forbids the pair.
    pub among_mentors: Option<PlaceAmong>,
    /// The place of the beneficiary among the waiting beneficiaries whom the mentor could have.
    pub among_beneficiaries: Option<PlaceAmong>,
}

impl Card for CandidatePair {
    fn personal(&self) -> Vec<Subject> {
        vec![
            Subject::new(SubjectKind::Beneficiary, self.beneficiary_id),
            Subject::new(SubjectKind::Mentor, self.mentor_id),
        ]
    }
}

/// Parameters of the question for candidates.
#[filter]
pub struct CandidateQuestion {
    /// The program. It may be left out if the beneficiary waits in only one program.
    pub program_id: Option<ProgramId>,
    /// The day on which people are judged; today by default.
    pub as_of: Option<NaiveDate>,
    /// The number of the best mentors to return, 1 to 50; 10 by default.
    #[param(value_type = Option<i32>, minimum = 1, maximum = 50, example = 10)]
    pub limit: Option<Within<1, 50>>,
    /// The number of excluded mentors to return, 0 to 200; 50 by default.
    #[param(value_type = Option<i32>, minimum = 0, maximum = 200, example = 50)]
    pub excluded_limit: Option<Within<0, 200>>,
}

/// A number between two bounds.
#[derive(Debug, Clone, Copy)]
pub struct Within<const LEAST: usize, const MOST: usize>(usize);

impl<const LEAST: usize, const MOST: usize> std::str::FromStr for Within<LEAST, MOST> {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.parse().ok().filter(|it| (LEAST..=MOST).contains(it));
        number.map(Self).ok_or_else(|| format!("{LEAST} to {MOST}"))
    }
}
impl<const LEAST: usize, const MOST: usize> std::fmt::Display for Within<LEAST, MOST> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The question and the rules from which candidates are computed.
struct Ground {
    question: Question,
    rules_id: Option<MatchingRulesId>,
    rules: MatchingRules,
}

async fn ground(
    tx: &mut Tx<'_>,
    beneficiary: BeneficiaryId,
    asked: &CandidateQuestion,
) -> Result<Ground, Failure> {
    // These checks come first, so that the answer about an invisible beneficiary tells nothing, not even that a
    // program is missing. A beneficiary who is also staff is refused too, because the answer shows vetoes of the
    // other side.
    super::beneficiary(tx, beneficiary).await?;
    if Own::of(tx).is(beneficiary) {
        return Err(super::missing(beneficiary));
    }
    let program_id = match asked.program_id {
        Some(it) => it,
        None => only_program_of(tx, beneficiary)
            .await?
            .ok_or_else(|| Refused::from(MISSING.reason().at("/program_id")))?,
    };
    must_refer(tx, SubjectKind::Program, Some(program_id), "/program_id").await?;
    let as_of = asked.as_of.unwrap_or(tx.today());
    let edition = programs::must_be_in_force(tx, program_id, as_of).await?;
    let (rules_id, rules) = rules::in_effect(tx, program_id, as_of).await?;
    let question =
        Question { only: Some(vec![beneficiary]), ..Question::about_all(program_id, edition, as_of) };
    Ok(Ground { question, rules_id, rules })
}

fn figure(it: u32) -> i64 {
    it.into()
}

/// The best mentors for a beneficiary, the excluded mentors, and the number of mentors that each rule excludes.
pub async fn list(
    tx: &mut Tx<'_>,
    beneficiary: BeneficiaryId,
    asked: &CandidateQuestion,
) -> Result<CandidateList, Failure> {
    let ground = ground(tx, beneficiary, asked).await?;
    let pool = pool::load_with_known_mentors(tx, &ground.question).await?;
    let missing = || super::missing(beneficiary);
    let who = pool.beneficiary_ix(beneficiary).ok_or_else(missing)?;
    let profile = pool.beneficiary(who).ok_or_else(missing)?;
    let most = asked.limit.map_or(10, |it| it.0);
    let excluded_most = asked.excluded_limit.map_or(50, |it| it.0);
    let seen = preview(&ground.rules, &pool, who, most);
    let shown =
        seen.best.iter().map(|it| it.0).chain(seen.excluded.iter().map(|it| it.0).take(excluded_most));
    let ids: Vec<MentorId> = shown.filter_map(|it| Some(pool.mentor(it)?.id)).collect();
    let names = mentor_names(tx, &ids).await?;
    Ok(CandidateList {
        beneficiary_id: beneficiary,
        program_id: ground.question.program_id,
        edition_id: ground.question.edition.id,
        rules_id: ground.rules_id,
        as_of: ground.question.as_of,
        barriers: profile.barriers.all().collect(),
        priority: ground.rules.priority(profile.risk, profile.waiting_days).into(),
        waiting_days: figure(profile.waiting_days),
        items: best(&pool, &seen, &names),
        possible: figure(seen.possible),
        excluded: excluded(&pool, &seen, &names, excluded_most),
        excluded_count: i64::try_from(seen.excluded.len()).unwrap_or(i64::MAX),
        counts: seen.counts.into_iter().map(BarrierCount::from).collect(),
    })
}

fn best(pool: &Pool, seen: &Preview, names: &HashMap<MentorId, String>) -> Vec<CandidateCard> {
    let card = |(place, (mentor, pair)): (i64, &(MentorIx, Assessment))| {
        let mentor = pool.mentor(*mentor)?;
        Some(CandidateCard {
            place,
            mentor_id: mentor.id,
            mentor_name: names.get(&mentor.id).cloned().unwrap_or_default(),
            free_seats: figure(mentor.free_seats),
            pair: PairAssessment::from(pair),
        })
    };
    (1..).zip(&seen.best).filter_map(card).collect()
}

fn excluded(
    pool: &Pool,
    seen: &Preview,
    names: &HashMap<MentorId, String>,
    most: usize,
) -> Vec<ExcludedCard> {
    let card = |(mentor, barriers): &(MentorIx, Barriers)| {
        let mentor_id = pool.mentor(*mentor)?.id;
        let mentor_name = names.get(&mentor_id).cloned().unwrap_or_default();
        Some(ExcludedCard { mentor_id, mentor_name, barriers: barriers.all().collect() })
    };
    seen.excluded.iter().take(most).filter_map(card).collect()
}

/// One pair from both sides: the mentor's place among possible mentors, and the beneficiary's among those who wait.
pub async fn pair(
    tx: &mut Tx<'_>,
    beneficiary: BeneficiaryId,
    mentor: MentorId,
    asked: &CandidateQuestion,
) -> Result<CandidatePair, Failure> {
    let ground = ground(tx, beneficiary, asked).await?;
    let missing = || Failure::NotFound(Some(Subject::new(SubjectKind::Mentor, mentor)));
    let all = Question { only: None, also: Some(beneficiary), ..ground.question };
    let pool = pool::load(tx, &all).await?;
    let who = pool.beneficiary_ix(beneficiary).ok_or_else(missing)?;
    let ix = pool.mentor_ix(mentor).ok_or_else(missing)?;
    let assessed = pool.assess(&ground.rules, who, ix).ok_or_else(missing)?;
    let places = standing(&ground.rules, &pool, who, ix);
    let among = |it: Rank| PlaceAmong { place: figure(it.place), of: figure(it.of) };
    let mut names = mentor_names(tx, &[mentor]).await?;
    Ok(CandidatePair {
        beneficiary_id: beneficiary,
        mentor_id: mentor,
        mentor_name: names.remove(&mentor).unwrap_or_default(),
        program_id: ground.question.program_id,
        rules_id: ground.rules_id,
        as_of: ground.question.as_of,
        barriers: assessed.barriers.all().collect(),
        pair: PairAssessment::from(&assessed),
        free_seats: pool.mentor(ix).map_or(0, |it| figure(it.free_seats)),
        among_mentors: places.map(|it| among(it.among_mentors)),
        among_beneficiaries: places.map(|it| among(it.among_beneficiaries)),
    })
}

/// The question and the rules about a whole program, without a particular beneficiary.
pub(super) async fn question_of(
    tx: &mut Tx<'_>,
    program_id: Option<ProgramId>,
) -> Result<(Question, MatchingRules), Failure> {
    let program_id = program_id.ok_or_else(|| Refused::from(MISSING.reason().at("/program_id")))?;
    must_refer(tx, SubjectKind::Program, Some(program_id), "/program_id").await?;
    let as_of = tx.today();
    let edition = programs::must_be_in_force(tx, program_id, as_of).await?;
    let (_, rules) = rules::in_effect(tx, program_id, as_of).await?;
    Ok((Question::about_all(program_id, edition, as_of), rules))
}

/// The program in which a beneficiary waits, if there is exactly one.
async fn only_program_of(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Option<ProgramId>, Failure> {
    let all = waits::table.filter(waits::beneficiary_id.eq(bind(of))).select(waits::program_id).limit(2);
    let found: Vec<ProgramId> = db!(tx, load, all)?;
    Ok(match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    })
}
