use super::*;
use crate::accompaniment::scales::{ScaleDomain, ScaleItem, ScoreRange, ScoreRule, shipped};
use crate::base::entry::correction::CorrectionDays;
use crate::base::word::Word;
use proptest::prelude::*;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}
fn today() -> NaiveDate {
    day("2026-03-02")
}
fn scale(ranges: &[&[(i32, i32)]]) -> ScaleForm {
    let mut form: ScaleForm = crate::examples::of();
    let kept = form.domains[0].clone();
    form.domains = Vec::new();
    for (n, items) in ranges.iter().enumerate() {
        let item = |(m, (min, max)): (usize, &(i32, i32))| ScaleItem {
            code: Code::new(&format!("item-{n}-{m}")),
            range: ScoreRange { min: *min, max: *max },
            ..kept.items[0].clone()
        };
        let items = items.iter().enumerate().map(item).collect();
        form.domains.push(ScaleDomain { code: Code::new(&format!("domain-{n}")), items, ..kept.clone() });
    }
    form
}

fn used(form: ScaleForm) -> UsedScale {
    UsedScale { form, is_annulled: false, is_superseded: false }
}
fn answer(item: &str, value: i32) -> AssessmentAnswer {
    AssessmentAnswer { item: Code::new(item), value }
}
fn told<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<(String, &'static str)> {
    let tell = |it: &Reason| (it.pointer.clone().unwrap_or_default(), it.rule.code);
    it.unwrap_err().reasons().iter().map(tell).collect()
}
fn started(form: &ScaleAssessmentForm, scale: &UsedScale, by: Maker) -> Result<Assessment, Refused> {
    Assessment::start((id(1), id(2), id(3)), form, Some(scale), by, today()).map(|it| it.into_parts().0)
}
fn completed(
    number: u128,
    point: AssessmentPoint,
    on: &str,
    scale: &ScaleForm,
    value: i32,
) -> CompletedAssessment {
    let answers: Vec<AssessmentAnswer> = scale
        .domains
        .iter()
        .flat_map(|it| it.items.iter().map(|item| answer(item.code.as_str(), value)))
        .collect();
    let scores = scale.scores(&answers).unwrap();
    let (kind, rater) = (ScaleKind::Readiness, Rater::Specialist);
    CompletedAssessment { id: id(number), kind, rater, point, assessed_on: day(on), scores }
}

#[test]
fn one_who_is_removed_is_assessed_for_a_day_before_and_at_the_end_of_a_programme_that_runs() {
    let form = |point, on: &str| ScaleAssessmentForm {
        point,
        assessed_on: day(on),
        ..crate::examples::of::<ScaleAssessmentForm>()
    };
    let removed_on = Some(day("2026-02-20"));
    for point in AssessmentPoint::ALL.iter().copied() {
        let told = |on: &str, is_enrolled| {
            form(point, on).against_removal(removed_on, is_enrolled).map(|it| it.rule.code)
        };
        let is_closing = point == AssessmentPoint::After;
        assert_eq!(told("2026-02-19", false), None, "{point}");
        assert_eq!(told("2026-02-20", false), Some("register.not_active"), "{point}");
        assert_eq!(told("2026-03-02", true), (!is_closing).then_some("register.not_active"), "{point}");
        assert_eq!(form(point, "2026-03-02").against_removal(None, false), None, "{point}");
    }
}

#[test]
fn an_assessment_is_completed_once_and_then_only_annulled() {
    let scale = used(crate::examples::of());
    let it = started(&crate::examples::of(), &scale, Maker::Staff).unwrap();
    let done = it.draft().unwrap().complete(&crate::examples::of(), &scale).unwrap().into_parts().0;
    assert_eq!(done.state(), AssessmentState::Completed);
    assert_eq!(done.scores.as_ref().unwrap().total.percent, 25);
    assert_eq!(told(done.clone().draft()), [(String::new(), "assessment.completed")]);
    let recorded = Recorded {
        on: today(),
        is_annulled: false,
        is_about_caller: false,
        by_administrator: false,
        term: CorrectionDays::default(),
    };
    let order: Annulment = crate::examples::of();
    let gone = done.annul(&order, &recorded, today()).unwrap().into_parts().0;
    assert_eq!(gone.state(), AssessmentState::Annulled);
    assert_eq!(told(gone.draft()), [(String::new(), "entry.annulled")]);
}

#[test]
fn each_rates_as_themselves_and_as_the_scale_allows() {
    let scale = used(crate::examples::of());
    let form = |rater| ScaleAssessmentForm { rater, ..crate::examples::of() };
    let refused = |by, rater| started(&form(rater), &scale, by).is_err();
    assert!(!refused(Maker::Staff, Rater::Own) && !refused(Maker::Own, Rater::Own));
    assert!(refused(Maker::Own, Rater::Specialist));
    assert!(refused(Maker::Mentor, Rater::Mentor), "the scale does not name mentors");
    assert!(refused(Maker::Staff, Rater::Outside));
}

#[test]
fn everything_wrong_with_an_assessment_is_told_at_once() {
    let scale = UsedScale { is_annulled: true, ..used(crate::examples::of()) };
    let answers = vec![answer("budget", 6), answer("budget", 5), answer("nothing", 1)];
    let form = ScaleAssessmentForm { assessed_on: day("2026-03-03"), answers, ..crate::examples::of() };
    assert_eq!(
        told(started(&form, &scale, Maker::Mentor)),
        [
            ("/assessed_on", "assessment.in_future"),
            ("/rater", "assessment.rater"),
            ("/scale_id", "assessment.scale_not_in_force"),
            ("/answers/0/value", "assessment.answer"),
            ("/answers/1/item", "assessment.answer"),
            ("/answers/2/item", "assessment.answer"),
        ]
        .map(|(at, code)| (at.to_owned(), code))
    );
}

#[test]
fn an_edition_that_another_has_replaced_by_that_day_is_not_in_force() {
    let scale = UsedScale { is_superseded: true, ..used(crate::examples::of()) };
    let refused = started(&crate::examples::of(), &scale, Maker::Staff);
    assert_eq!(told(refused), [("/scale_id".to_owned(), "assessment.scale_not_in_force")]);
    let it = started(&crate::examples::of(), &used(crate::examples::of()), Maker::Staff).unwrap();
    let done = it.draft().unwrap().complete(&crate::examples::of(), &scale);
    assert!(done.is_ok(), "a draft keeps its edition");
}

#[test]
fn a_sum_of_a_licensed_scale_is_its_own_score() {
    let all = shipped();
    let sdq = all.iter().find(|it| it.code.as_str() == "sdq").unwrap();
    let answers = ["emotional", "conduct", "hyperactivity", "peers"].map(|it| answer(it, 4));
    assert!(sdq.scores(&answers[..3]).is_err(), "every sum is asked for");
    let scores = sdq.scores(&answers).unwrap();
    assert_eq!((scores.total.score, scores.total.greatest, scores.total.percent), (16.0, 40.0, 40));
    assert!(!scores.higher_is_better);
}

#[test]
fn the_first_before_is_compared_with_the_last_after_and_other_ranges_are_rescaled() {
    let (five, ten) = (scale(&[&[(1, 5)]]), scale(&[&[(0, 10)], &[(0, 10)]]));
    let all = [
        completed(1, AssessmentPoint::Before, "2026-01-10", &five, 2),
        completed(2, AssessmentPoint::Before, "2026-01-20", &five, 5),
        completed(3, AssessmentPoint::After, "2026-02-10", &five, 1),
        completed(4, AssessmentPoint::After, "2026-02-20", &ten, 5),
    ];
    let [it] = compare(&all).try_into().unwrap();
    assert_eq!((it.before_assessment_id, it.after_assessment_id), (id(1), id(4)));
    assert_eq!(it.domains.len(), 1, "a domain that only one edition has is compared with nothing");
    let own = &it.domains[0];
    assert_eq!((own.before, own.after, own.change, own.is_rescaled), (25.0, 50.0, 25.0, true));
    assert_eq!(own.is_better, Some(true));
    let [it] = compare(&all[..3]).try_into().unwrap();
    assert_eq!((it.total.before, it.total.after, it.total.is_rescaled), (2.0, 1.0, false));
    assert_eq!(it.total.is_better, Some(false));
    assert_eq!(compare(&all[2..]), [], "an after without a before compares nothing");
}

#[test]
fn a_readiness_result_holds_for_its_days() {
    let form = scale(&[&[(1, 5)]]);
    let all = [
        completed(1, AssessmentPoint::Before, "2026-01-01", &form, 2),
        completed(2, AssessmentPoint::After, "2026-02-01", &form, 4),
        CompletedAssessment {
            rater: Rater::Own,
            ..completed(3, AssessmentPoint::After, "2026-03-01", &form, 5)
        },
        CompletedAssessment {
            kind: ScaleKind::Skills,
            ..completed(4, AssessmentPoint::After, "2026-03-01", &form, 5)
        },
    ];
    let on = |text| readiness_on(&all, day(text), Days::new(180)).map(|it| (it.0.id, it.1));
    assert_eq!(on("2025-12-31"), None);
    assert_eq!(on("2026-01-31"), Some((id(1), day("2026-06-30"))));
    assert_eq!(on("2026-07-31"), Some((id(2), day("2026-07-31"))));
    assert_eq!(on("2026-08-01"), None);
}

/// Items of two domains: the least value, the width of the range, and the answer as a share of it.
fn items() -> impl Strategy<Value = Vec<(i32, i32, Option<i32>)>> {
    let answer = proptest::option::weighted(0.8, 0..=100_i32);
    proptest::collection::vec((-20..20_i32, 1..20_i32, answer), 1..12)
}

proptest! {
    /// The whole rule: enough answers or a refusal; mean and sum between their bounds; one place in the range for both; complete answers
    /// give the plain sum and the plain mean; more is never less.
    #[test]
    fn scores_follow_the_rule_of_the_scale(
        first in items(), second in items(), least in 1..=100_i32, is_sum in any::<bool>(), raised in 0..24_usize,
    ) {
        let ranges = |all: &[(i32, i32, Option<i32>)]| all.iter().map(|it| (it.0, it.0 + it.1)).collect::<Vec<_>>();
        let mut form = scale(&[&ranges(&first), &ranges(&second)]);
        form.min_answered_percent = least;
        form.rule = if is_sum { ScoreRule::Sum } else { ScoreRule::Mean };
        let mut answers = Vec::new();
        for (n, part) in [&first, &second].iter().enumerate() {
            for (m, (min, width, share)) in part.iter().enumerate() {
                if let Some(share) = share {
                    let value = min + width * share / 100;
                    answers.push(answer(&format!("item-{n}-{m}"), value));
                }
            }
        }
        prop_assert!(form.against_answers(&answers).is_empty());
        let given = |part: &[(i32, i32, Option<i32>)]| part.iter().filter(|it| it.2.is_some()).count();
        let lacks = |part: &[(i32, i32, Option<i32>)]| given(part) * 100 < part.len() * usize::try_from(least).unwrap();
        let lacking = [&first, &second].iter().filter(|it| lacks(it)).count();
        match form.scores(&answers) {
            Err(reasons) => prop_assert_eq!(reasons.len(), lacking),
            Ok(scores) => {
                prop_assert_eq!(lacking, 0);
                for it in scores.domains.iter().chain([&scores.total]) {
                    prop_assert!(it.least <= it.score && it.score <= it.greatest);
                    let place = (it.score - it.least) / (it.greatest - it.least) * 100.0;
                    prop_assert!((place - f64::from(it.percent)).abs() <= 1.1 + 2.0 / (it.greatest - it.least));
                    prop_assert_eq!(&it.level, &form.level(it.percent));
                }
                let total = &scores.total;
                if total.answered == total.items {
                    let sum = f64::from(answers.iter().map(|it| it.value).sum::<i32>());
                    let plain = if is_sum { sum } else { sum / f64::from(total.items) };
                    prop_assert!((total.score - plain).abs() < 0.01);
                }
                let n = raised % answers.len();
                let most = form.domains.iter().flat_map(|it| &it.items).find(|it| it.code == answers[n].item);
                answers[n].value = most.unwrap().range.max;
                prop_assert!(form.scores(&answers).unwrap().total.score >= total.score);
            }
        }
    }
}
