//! Reviews of a case at an age: when somebody comes of age, and when a care leaver turns 23 (004 L193).
//!
//! Nothing due is stored. A review follows from the birth date, the case, the terms of the region and the reviews that are completed.
//!
//! Invariant: no case is closed by an age. Only a final consilium decides the review at 23 (004 L29).
use super::{IN_FUTURE, Open};
use crate::accompaniment::cases::grounds::CaseKind;
use crate::accompaniment::rules::AccompanimentRulesForm;
use crate::base::action::Verdict;
use crate::base::change::{Changed, facts};
use crate::base::id::{CaseId, CaseReviewId};
use crate::base::moment::{birthday, plus_months};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::Note;
use crate::base::word::{Word, words};
use crate::people::{CLOSING_YEARS, COMING_OF_AGE_YEARS};
use crate::region::terms::TermKind;
use chrono::{Days, NaiveDate};
use shape::{card, form};
use validator::Validate;

rules! {
    NOT_DUE = "case_review.not_due", State, ours, "Такого рассмотрения у случая сейчас нет: срок не подошёл, или оно не полагается.", "No such review of the case is due now.";
    COMPLETED = "case_review.completed", State, ours, "Это рассмотрение уже проведено.", "The review is completed already.";
    BY_CONSILIUM = "case_review.by_consilium", State, "004 L29", "Рассмотрение при достижении 23 лет решает только итоговый консилиум.", "Only a final consilium decides the review at 23.";
    OUTCOME_UNSUITED = "case_review.outcome_unsuited", Content, ours, "Совершеннолетие не завершает и не продолжает сопровождение: итог — «учтено».", "Coming of age neither ends nor prolongs the accompaniment: its outcome is `noted`.";
    TOO_LONG = "case_review.too_long", Content, ours, "Сопровождение продолжают не дольше, чем позволяют правила, и не в прошлое.", "Accompaniment is prolonged no longer than the rules of accompaniment let, and to a day to come.";
    EARLY = "case_review.early", Content, ours, "Рассмотрение не проводят раньше, чем подошёл его срок.", "A review is not completed before it is due.";
}

words! {
    /// The kind of a review of a case.
    ReviewKind in "review-kinds" {
        ComingOfAge = "coming_of_age", "совершеннолетие", "coming of age";
        Closing = "closing", "достижение 23 лет", "turning 23";
    }

    /// The outcome of a review of a case.
    ReviewOutcome in "review-outcomes" {
        Close = "close", "завершить", "close";
        Continue = "continue", "продолжить", "continue";
        Noted = "noted", "учтено", "noted";
    }

    /// The ground on which accompaniment goes on after 23.
    ContinuationGround in "continuation-grounds" {
        Studies = "studies", "очное обучение", "studies";
        Hardship = "hardship", "трудная ситуация сохраняется", "hardship goes on";
        Housing = "housing", "жильё не предоставлено", "housing not provided";
        Health = "health", "состояние здоровья", "health";
        Asked = "asked", "по просьбе", "at request";
        Other = "other", "иное", "other";
    }
}

impl ReviewKind {
    /// The term before the birthday since which the review is due.
    pub fn lead_term(self) -> TermKind {
        match self {
            Self::ComingOfAge => TermKind::ComingOfAgeLead,
            Self::Closing => TermKind::ClosingLead,
        }
    }
    /// The term after the birthday until which the review is due.
    pub fn review_term(self) -> TermKind {
        match self {
            Self::ComingOfAge => TermKind::ComingOfAgeReview,
            Self::Closing => TermKind::ClosingReview,
        }
    }
}

/// An order to complete a review of a case.
#[form]
#[schema(example = json!({"kind": "coming_of_age", "outcome": "noted", "completed_on": "2026-03-02", "note": "Согласия подписаны заново, договор с ним самим."}))]
pub struct CaseReview {
    /// The kind of the review. Only a final consilium decides a review of the kind `closing`.
    pub kind: ReviewKind,
    /// The outcome: `noted` for coming of age.
    pub outcome: ReviewOutcome,
    /// The day on which it was completed: today or earlier.
    pub completed_on: NaiveDate,
    /// The findings and the decision.
    pub note: Option<Note>,
}

/// A review of a case that is due.
#[card]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DueReview {
    /// The kind of the review.
    pub kind: ReviewKind,
    /// The day that the review is about: the birthday, the opening of a case that was opened later, or the day until which the last
    /// review let the accompaniment go on.
    pub anchor_on: NaiveDate,
    /// The day until which the review is due.
    pub due_on: NaiveDate,
    /// Whether that day has passed.
    pub is_overdue: bool,
}

/// A review that was completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompletedReview {
    /// The kind of the review.
    pub kind: ReviewKind,
    /// The day that the review was about.
    pub anchor_on: NaiveDate,
    /// The day until which the accompaniment goes on. None where the review does not prolong it.
    pub continue_until: Option<NaiveDate>,
}

/// The terms of a kind of review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewTerms {
    /// The days before the anchor since which a review is due.
    pub lead: Days,
    /// The days after the anchor until which it is due.
    pub review: Days,
}

/// Everything from which the reviews of an open case follow.
#[derive(Debug, Clone)]
pub struct Reviews {
    /// The kind of accompaniment.
    pub kind: CaseKind,
    /// The first day of accompaniment.
    pub opened_on: NaiveDate,
    /// The day of birth. None for a family, which comes of no age.
    pub born_on: Option<NaiveDate>,
    /// The completed reviews of the case.
    pub completed: Vec<CompletedReview>,
    /// The terms of the reviews at coming of age.
    pub coming_of_age: ReviewTerms,
    /// The terms of the reviews at 23.
    pub closing: ReviewTerms,
}

facts! {
    /// A review of a case was completed. The day that it was about would tell the birth date.
    CaseReviewed = "case.reviewed",
        "Проведено рассмотрение случая[: {kind}][, {completed_on}][, итог: {outcome}]",
        "A review of the case was completed[: {kind}][, {completed_on}][, outcome: {outcome}]"
        about Case (CaseId) {
        /// The kind of the review.
        kind: ReviewKind,
        /// The day of the completion.
        completed_on: NaiveDate,
        /// The outcome.
        outcome: ReviewOutcome,
    }
}

/// The completion of a review.
#[derive(Debug, Clone)]
pub struct Reviewed {
    /// The id of the completed review.
    pub id: CaseReviewId,
    /// The case that was reviewed.
    pub case_id: CaseId,
    /// The day that the review was about.
    pub anchor_on: NaiveDate,
    /// The order.
    pub order: CaseReview,
    /// The ground on which accompaniment goes on, and the day until which it does.
    pub continuation: Option<(ContinuationGround, NaiveDate)>,
}

impl Reviews {
    /// The reviews that are due on a day.
    pub fn due(&self, today: NaiveDate) -> Vec<DueReview> {
        ReviewKind::ALL.iter().filter_map(|kind| self.due_of(*kind, today)).collect()
    }
    fn due_of(&self, kind: ReviewKind, today: NaiveDate) -> Option<DueReview> {
        let anchor_on = self.anchor(kind)?;
        let due_on = anchor_on.checked_add_days(self.terms(kind).review).unwrap_or(NaiveDate::MAX);
        let is_due = self.begins_on(kind, anchor_on) <= today;
        is_due.then(|| DueReview { kind, anchor_on, due_on, is_overdue: due_on < today })
    }
    fn terms(&self, kind: ReviewKind) -> ReviewTerms {
        match kind {
            ReviewKind::ComingOfAge => self.coming_of_age,
            ReviewKind::Closing => self.closing,
        }
    }
    /// The first day on which a review is due.
    fn begins_on(&self, kind: ReviewKind, anchor_on: NaiveDate) -> NaiveDate {
        anchor_on.checked_sub_days(self.terms(kind).lead).unwrap_or(NaiveDate::MIN)
    }
    fn completed(&self, kind: ReviewKind) -> impl Iterator<Item = &CompletedReview> {
        self.completed.iter().filter(move |it| it.kind == kind)
    }
    /// The day of the next review of a kind. None where the case has no such review, or none after the completed ones.
    fn anchor(&self, kind: ReviewKind) -> Option<NaiveDate> {
        let born_on = self.born_on?;
        match kind {
            // A person who has come of age before the opening came as an adult.
            ReviewKind::ComingOfAge => {
                let anchor_on = birthday(born_on, COMING_OF_AGE_YEARS);
                let is_completed = self.completed(kind).any(|it| it.anchor_on == anchor_on);
                (self.opened_on <= anchor_on && !is_completed).then_some(anchor_on)
            }
            ReviewKind::Closing if self.kind != CaseKind::Aftercare => None,
            ReviewKind::Closing if self.completed(kind).next().is_none() => {
                Some(birthday(born_on, CLOSING_YEARS).max(self.opened_on))
            }
            ReviewKind::Closing => {
                let until = self.completed(kind).map(|it| it.continue_until);
                until.collect::<Option<Vec<_>>>()?.into_iter().max()
            }
        }
    }
    /// The reason against any completion of a review of that kind.
    fn against(&self, kind: ReviewKind, today: NaiveDate) -> Option<Reason> {
        if kind == ReviewKind::Closing {
            return Some(BY_CONSILIUM.reason().at("/kind"));
        }
        let is_completed = || self.anchor(kind).is_none() && self.completed(kind).next().is_some();
        match self.due_of(kind, today) {
            Some(_) => None,
            None if is_completed() => Some(COMPLETED.reason().at("/kind")),
            None => Some(NOT_DUE.reason().at("/kind")),
        }
    }
    /// The judgement of a completion before anybody orders it.
    pub(super) fn verdict(&self, today: NaiveDate) -> Verdict {
        let kinds = ReviewKind::ALL.iter().copied();
        let taken: Vec<ReviewKind> = kinds.filter(|it| self.against(*it, today).is_none()).collect();
        let closing = self.due_of(ReviewKind::Closing, today).map(|it| it.kind);
        let told = closing.unwrap_or(ReviewKind::ComingOfAge);
        let against = self.against(told, today).filter(|_| taken.is_empty());
        Verdict::default().takes("/kind", taken).takes("/outcome", [ReviewOutcome::Noted]).against(against)
    }
}

impl Reviews {
    /// Refuses to let accompaniment go on: where no review at 23 is due, and to a day that is past or too far.
    pub fn against_continuing(
        &self,
        until: Option<NaiveDate>,
        rules: &AccompanimentRulesForm,
        today: NaiveDate,
    ) -> Result<(), Refused> {
        let mut reasons = Vec::new();
        if self.due_of(ReviewKind::Closing, today).is_none() {
            reasons.push(NOT_DUE.reason().at("/outcome"));
        }
        let longest = plus_months(today, rules.continuation_months);
        if until.is_some_and(|it| it <= today || it > longest) {
            reasons.push(TOO_LONG.reason().at("/continue_until").with("not_after", longest));
        }
        Refused::unless_empty(reasons)
    }
}

impl Open {
    /// Completes the review at 23 as a final consilium has decided: accompaniment goes on until a day.
    pub fn continue_after_review(
        &self,
        id: CaseReviewId,
        (ground, until): (ContinuationGround, NaiveDate),
        note: Option<Note>,
        (reviews, rules): (&Reviews, &AccompanimentRulesForm),
        today: NaiveDate,
    ) -> Result<Changed<Reviewed>, Refused> {
        reviews.against_continuing(Some(until), rules, today)?;
        let kind = ReviewKind::Closing;
        let anchor_on = reviews.anchor(kind).ok_or_else(|| NOT_DUE.refuse())?;
        let (outcome, completed_on) = (ReviewOutcome::Continue, today);
        let order = CaseReview { kind, outcome, completed_on, note };
        let fact = CaseReviewed { id: self.id, kind, completed_on, outcome };
        let continuation = Some((ground, until));
        Ok(Changed::new(Reviewed { id, case_id: self.id, anchor_on, order, continuation }, fact))
    }
    /// Completes a review of the case. It closes nothing and moves no stage.
    pub fn review(
        &self,
        id: CaseReviewId,
        order: &CaseReview,
        reviews: &Reviews,
        today: NaiveDate,
    ) -> Result<Changed<Reviewed>, Refused> {
        let CaseReview { kind, outcome, completed_on, .. } = *order;
        let mut reasons: Vec<Reason> = reviews.against(kind, today).into_iter().collect();
        if kind == ReviewKind::ComingOfAge && outcome != ReviewOutcome::Noted {
            reasons.push(OUTCOME_UNSUITED.reason().at("/outcome"));
        }
        if completed_on > today {
            reasons.push(IN_FUTURE.reason().at("/completed_on").with("today", today));
        }
        let anchor_on = reviews.anchor(kind);
        let begins_on =
            anchor_on.map_or(self.opened_on, |it| reviews.begins_on(kind, it).max(self.opened_on));
        if completed_on < begins_on {
            reasons.push(EARLY.reason().at("/completed_on").with("not_before", begins_on));
        }
        Refused::unless_empty(reasons)?;
        let anchor_on = anchor_on.ok_or_else(|| NOT_DUE.refuse())?;
        let reviewed = Reviewed { id, case_id: self.id, anchor_on, order: order.clone(), continuation: None };
        Ok(Changed::new(reviewed, CaseReviewed { id: self.id, kind, completed_on, outcome }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn reviews(kind: CaseKind, born: &str, opened: &str) -> Reviews {
        let terms = |it: ReviewKind| {
            let days = |it: TermKind| Days::new(it.default_days().unwrap().try_into().unwrap());
            ReviewTerms { lead: days(it.lead_term()), review: days(it.review_term()) }
        };
        Reviews {
            kind,
            opened_on: day(opened),
            born_on: Some(day(born)),
            completed: Vec::new(),
            coming_of_age: terms(ReviewKind::ComingOfAge),
            closing: terms(ReviewKind::Closing),
        }
    }
    fn told(it: &Reviews, today: &str) -> Vec<(&'static str, String, String, bool)> {
        let due = it.due(day(today)).into_iter();
        due.map(|it| (it.kind.code(), it.anchor_on.to_string(), it.due_on.to_string(), it.is_overdue))
            .collect()
    }
    fn opened(opened_on: &str) -> Open {
        let order =
            crate::accompaniment::cases::CaseOpening { opened_on: day(opened_on), ..crate::examples::of() };
        let begun = Open::begin(uuid::Uuid::nil().into(), &order, &Default::default(), day(opened_on));
        begun.unwrap().into_parts().0
    }
    fn codes(it: Result<Changed<Reviewed>, Refused>) -> Vec<&'static str> {
        it.err().map_or_else(Vec::new, |it| it.reasons().iter().map(|it| it.rule.code).collect())
    }

    #[test]
    fn coming_of_age_is_reviewed_from_ninety_days_before_to_thirty_days_after() {
        let it = reviews(CaseKind::Social, "2008-02-29", "2020-01-01");
        let at = |late| vec![("coming_of_age", "2026-03-01".to_owned(), "2026-03-31".to_owned(), late)];
        assert_eq!(told(&it, "2025-11-30"), []);
        assert_eq!(told(&it, "2025-12-01"), at(false));
        assert_eq!((told(&it, "2026-03-31"), told(&it, "2026-04-01")), (at(false), at(true)));
        assert_eq!(told(&it, "2031-03-01"), at(true), "social accompaniment is not reviewed at 23");
    }

    #[test]
    fn a_care_leaver_is_reviewed_at_23_and_one_who_comes_later_at_once() {
        let closing = |anchor: &str, due: &str| vec![("closing", anchor.to_owned(), due.to_owned(), false)];
        let came_as_adult = reviews(CaseKind::Aftercare, "2003-05-01", "2021-05-02");
        assert_eq!(told(&came_as_adult, "2026-05-02"), closing("2026-05-01", "2026-05-31"));
        let came_late = reviews(CaseKind::Aftercare, "2000-05-01", "2026-05-02");
        assert_eq!(told(&came_late, "2026-05-02"), closing("2026-05-02", "2026-06-01"));
        let on_the_day = reviews(CaseKind::Aftercare, "2008-05-01", "2026-05-01");
        assert_eq!(told(&on_the_day, "2026-05-01")[0].0, "coming_of_age");
        let family = Reviews { born_on: None, ..came_late };
        assert_eq!(told(&family, "2026-05-02"), []);
    }

    #[test]
    fn a_review_that_prolongs_the_accompaniment_is_followed_by_another() {
        let mut it = reviews(CaseKind::Aftercare, "2003-05-01", "2022-01-01");
        let done = |anchor: &str, until: Option<&str>| CompletedReview {
            kind: ReviewKind::Closing,
            anchor_on: day(anchor),
            continue_until: until.map(day),
        };
        it.completed.push(done("2026-05-01", Some("2027-05-01")));
        assert_eq!(told(&it, "2027-01-30"), []);
        let next = vec![("closing", "2027-05-01".to_owned(), "2027-05-31".to_owned(), false)];
        assert_eq!(told(&it, "2027-01-31"), next);
        it.completed.push(done("2027-05-01", None));
        assert_eq!(told(&it, "2040-01-01"), []);
    }

    #[test]
    fn a_review_is_completed_once_for_its_birthday_and_all_that_is_wrong_is_told() {
        let (mut it, case) = (reviews(CaseKind::Aftercare, "2008-03-01", "2020-01-01"), opened("2020-01-01"));
        let id = || uuid::Uuid::nil().into();
        let order: CaseReview = crate::examples::of();
        let early = codes(case.review(id(), &order, &it, day("2025-11-30")));
        assert_eq!(early, ["case_review.not_due", "case.in_future"]);
        let (reviewed, records) = case.review(id(), &order, &it, day("2026-03-02")).unwrap().into_parts();
        assert_eq!(reviewed.anchor_on, day("2026-03-01"));
        assert!(!records[0].body.to_string().contains("2026-03-01"), "the birthday stays out of the journal");
        let anchor_on = reviewed.anchor_on;
        it.completed.push(CompletedReview { kind: order.kind, anchor_on, continue_until: None });
        assert_eq!(codes(case.review(id(), &order, &it, day("2026-03-02"))), ["case_review.completed"]);
        it.born_on = Some(day("2008-04-01"));
        assert_eq!(it.due(day("2026-03-02"))[0].anchor_on, day("2026-04-01"), "another birthday");
        let wrong = CaseReview { outcome: ReviewOutcome::Close, completed_on: day("2025-12-31"), ..order };
        let told = codes(case.review(id(), &wrong, &it, day("2026-03-02")));
        assert_eq!(told, ["case_review.outcome_unsuited", "case_review.early"]);
        let closing = CaseReview { kind: ReviewKind::Closing, completed_on: day("2026-03-03"), ..wrong };
        let told = codes(case.review(id(), &closing, &it, day("2026-03-02")));
        assert_eq!(told, ["case_review.by_consilium", "case.in_future", "case_review.early"]);
    }

    proptest! {
        #[test]
        fn a_review_is_due_from_its_first_day_until_it_is_completed(
            born in 0i64..12_000, opened in 0i64..9000, lead in 1u64..400, review in 1u64..400, on in 0i64..20_000, is_aftercare: bool
        ) {
            let at = |days: i64| day("1990-01-01") + TimeDelta::days(days);
            let kind = if is_aftercare { CaseKind::Aftercare } else { CaseKind::Social };
            let terms = ReviewTerms { lead: Days::new(lead), review: Days::new(review) };
            let (born_on, opened_on, today) = (at(born), at(born + opened), at(born + opened + on));
            let mut it = Reviews { kind, opened_on, born_on: Some(born_on), completed: vec![], coming_of_age: terms, closing: terms };
            let due = it.due(today);
            for one in &due {
                prop_assert!(one.anchor_on >= opened_on && one.anchor_on - terms.lead <= today);
                prop_assert_eq!(one.is_overdue, one.anchor_on + terms.review < today);
                let later = it.due(today + Days::new(1));
                prop_assert!(later.iter().any(|it| it.anchor_on == one.anchor_on), "no day ends it");
            }
            let is_23 = birthday(born_on, CLOSING_YEARS) <= today;
            prop_assert!(!(is_23 && is_aftercare) || due.iter().any(|it| it.kind == ReviewKind::Closing));
            it.completed = due.iter().map(|it| CompletedReview { kind: it.kind, anchor_on: it.anchor_on, continue_until: None }).collect();
            prop_assert_eq!(it.due(today), []);
        }
    }
}
