//! Members of councils. Somebody who leaves gets a last day and stays on record, so the quorum of the past stays true.
//!
//! A member is a name, as the paper has it: no person of the register stands on this open card. Which account is that of the member, those
//! alone read who edit the council.
use super::CouncilForm;
use crate::base::id::{CouncilMemberId, OrganizationId, UserId};
use crate::base::refusal::{Reason, broken, rules};
use crate::base::text::{Code, Title};
use crate::base::word::{fold, words};
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    TWICE = "council_member.twice", State, ours, "Уже состоит в совете в эти дни.", "The member belongs to the council on these days already.";
    EMPLOYEE = "council_member.employee", Content, ours, "Работник учреждения не входит в его попечительский совет.", "Nobody of the institution is a member of its board of trustees.";
    SIDE = "council_member.side", Content, ours, "У члена совета с правом голоса названа одна из сторон совета; где сторон нет, её не называют.", "A voting member names a side of the council, and none where there are no sides.";
    LEAVES_EARLY = "council_member.leaves_early", Content, ours, "Член совета не выбывает раньше, чем вошёл.", "A member does not leave before they join.";
}

words! {
    /// The role of a member of a council.
    CouncilRole in "council-roles" {
        Chair = "chair", "председатель", "chair";
        Deputy = "deputy", "заместитель", "deputy";
        Secretary = "secretary", "секретарь", "secretary";
        Coordinator = "coordinator", "координатор", "coordinator";
        Member = "member", "член", "member";
        Expert = "expert", "эксперт", "expert";
    }
}

/// A member of a council as entered and edited, whole.
#[entry(CouncilMember: CouncilMemberId, at "council-members", named "council member" "council members", tag "partnership", read ReadPartnership, edit ManageCouncils, under Council "councils", entering AddCouncilMember, by name, until until_on, judged, discreet)]
#[schema(example = json!({"name": "Соколов Пётр Андреевич", "organization_id": "01980000-0000-7000-8000-000000000001", "role": "chair", "voting": true, "from_on": "2012-02-01", "basis": "Распоряжение № 14"}))]
pub struct CouncilMemberForm {
    /// The name of the official, as the paper has it.
    pub name: Title,
    /// The organization that the member comes from.
    pub organization_id: Option<OrganizationId>,
    /// The side, where the council decides by sides.
    pub side: Option<Code>,
    /// The role.
    #[told]
    #[filter = "Only with this role."]
    pub role: CouncilRole,
    /// Whether the member has a vote.
    pub voting: bool,
    /// The first day.
    pub from_on: NaiveDate,
    /// The last day, if it is known.
    pub until_on: Option<NaiveDate>,
    /// The paper by which the member joined.
    pub basis: Option<Title>,
    /// The account of the member. While in office, it reads the files of the meetings of the council and its signed minutes. Nobody is in
    /// office in a council that was closed or annulled. Only those who edit the council read which account it is.
    pub user_id: Option<UserId>,
}

impl CouncilMemberForm {
    fn judge(&self, _: CouncilMemberId, _: Option<&Self>) -> Vec<Reason> {
        let is_early = self.until_on.is_some_and(|it| it < self.from_on);
        is_early.then(|| LEAVES_EARLY.reason().at("/until_on")).into_iter().collect()
    }
    /// The member as all read it who do not edit the council: without the account.
    fn discreet(&self) -> Self {
        Self { user_id: None, ..self.clone() }
    }
    /// Whether the member belongs to the council on that day.
    pub fn is_there(&self, day: NaiveDate) -> bool {
        self.from_on <= day && self.until_on.is_none_or(|it| day <= it)
    }
    /// The last day, or the end of days.
    fn last(&self) -> NaiveDate {
        self.until_on.unwrap_or(NaiveDate::MAX)
    }
    /// Whether a day belongs to both.
    fn meets(&self, other: &Self) -> bool {
        self.from_on <= other.last() && other.from_on <= self.last()
    }
    /// Whether both have the same account.
    fn shares_account(&self, other: &Self) -> bool {
        self.user_id.is_some() && self.user_id == other.user_id
    }
    /// Whether both are the same official: by the account, or by name and organization. Namesakes of one organization have different accounts
    /// and different papers.
    fn is_same_official(&self, other: &Self) -> bool {
        let is_namesake = fold(self.name.as_str()) == fold(other.name.as_str())
            && self.organization_id == other.organization_id;
        let accounts = self.user_id.zip(other.user_id);
        let are_two = accounts.is_some_and(|(one, two)| one != two) && self.basis != other.basis;
        self.shares_account(other) || (is_namesake && !are_two)
    }
    /// Whether it is the same member as before an edit, on no other days: a term may always be cut short.
    pub fn is_within(&self, before: &Self) -> bool {
        let is_same = fold(self.name.as_str()) == fold(before.name.as_str())
            && (self.organization_id, &self.basis, self.user_id)
                == (before.organization_id, &before.basis, before.user_id);
        is_same && before.from_on <= self.from_on && self.last() <= before.last()
    }
    /// The reasons against the member that rest on the council. `serves`: the account serves in the organization that keeps the council.
    pub fn against_council(&self, of: &CouncilForm, serves: bool) -> Vec<Reason> {
        let is_employee = of.bars_employees && self.organization_id == Some(of.organization_id);
        let is_staff = of.bars_employees && serves;
        let fits = match &self.side {
            Some(side) => of.codes().contains(&side),
            None => of.sides.is_empty() || !self.voting,
        };
        broken([
            (is_employee, EMPLOYEE.reason().at("/organization_id")),
            (is_staff, EMPLOYEE.reason().at("/user_id")),
            (!fits, SIDE.reason().at("/side")),
        ])
    }
    /// The reason against the member beside the others of the council: on no day is one official there twice, with two votes.
    pub fn against_others<'a>(&self, others: impl IntoIterator<Item = &'a Self>) -> Option<Reason> {
        let same = others.into_iter().find(|it| self.meets(it) && self.is_same_official(it))?;
        Some(TWICE.reason().at(if self.shares_account(same) { "/user_id" } else { "/name" }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entry;
    use proptest::prelude::*;

    fn member(from: &str, until: Option<&str>) -> CouncilMemberForm {
        let (from_on, until_on) = (from.parse().unwrap(), until.map(|it| it.parse().unwrap()));
        CouncilMemberForm { from_on, until_on, ..crate::examples::of() }
    }
    fn codes(it: &[Reason]) -> Vec<&str> {
        it.iter().map(|it| it.rule.code).collect()
    }

    #[test]
    fn the_name_of_an_official_is_open_and_the_account_is_not() {
        let it = CouncilMemberForm { user_id: Some(uuid::Uuid::nil().into()), ..crate::examples::of() };
        let open = it.discreetly().unwrap();
        assert_eq!((open.name, open.user_id), (it.name, None));
    }

    #[test]
    fn a_member_is_there_once_at_a_time() {
        let (first, again) = (member("2024-01-01", Some("2024-12-31")), member("2025-01-01", None));
        assert_eq!(again.against_others([&first]), None);
        let early = member("2024-12-31", None);
        assert_eq!(early.against_others([&first]).unwrap().rule.code, "council_member.twice");
        let namesake = CouncilMemberForm { organization_id: None, ..early.clone() };
        assert_eq!(namesake.against_others([&first]), None);
        assert!(early.is_within(&member("2024-01-01", None)), "cut short");
        assert!(!member("2024-01-01", None).is_within(&early) && !namesake.is_within(&early));
        assert!(first.is_there(first.from_on) && !first.is_there(again.from_on));
    }

    #[test]
    fn one_official_is_no_second_member_by_another_paper_or_another_spelling() {
        let account = |n| Some(uuid::Uuid::from_u128(n).into());
        let first = CouncilMemberForm { user_id: account(1), ..member("2024-01-01", None) };
        let told = |it: &CouncilMemberForm, other: &CouncilMemberForm| {
            let reason = it.against_others([other])?;
            Some((reason.rule.code, reason.pointer))
        };
        let twice = |at: &str| Some(("council_member.twice", Some(at.to_owned())));
        let basis = Some(Title::new("Приказ № 15"));
        let by_paper = CouncilMemberForm { basis, user_id: None, ..first.clone() };
        assert_eq!(told(&by_paper, &first), twice("/name"), "without an account");
        let name = Title::new("П. А. Соколов");
        let spelled = CouncilMemberForm { name, organization_id: None, ..by_paper.clone() };
        assert_eq!(told(&spelled, &first), None);
        let with_account = CouncilMemberForm { user_id: account(1), ..spelled };
        assert_eq!(told(&with_account, &first), twice("/user_id"));
        let namesake = CouncilMemberForm { user_id: account(2), ..by_paper };
        assert_eq!(told(&namesake, &first), None, "two people, by their accounts and papers");
        let by_same_paper = CouncilMemberForm { basis: first.basis.clone(), ..namesake };
        assert_eq!(told(&by_same_paper, &first), twice("/name"));
    }

    #[test]
    fn a_voting_member_stands_on_a_side_of_the_council() {
        let plain: CouncilForm = crate::examples::of();
        let side = super::super::CouncilSide { code: Code::new("ngo"), name: Title::new("НКО") };
        let sided = CouncilForm { sides: vec![side], ..plain.clone() };
        let it = CouncilMemberForm { organization_id: None, ..crate::examples::of() };
        let with = |side: Option<&str>, voting| CouncilMemberForm {
            side: side.map(Code::new),
            voting,
            ..it.clone()
        };
        assert_eq!(codes(&with(None, true).against_council(&plain, false)), Vec::<&str>::new());
        assert_eq!(codes(&with(Some("ngo"), true).against_council(&plain, false)), ["council_member.side"]);
        assert_eq!(codes(&with(Some("ngo"), true).against_council(&sided, false)), Vec::<&str>::new());
        assert_eq!(codes(&with(None, true).against_council(&sided, false)), ["council_member.side"]);
        assert_eq!(codes(&with(None, false).against_council(&sided, false)), Vec::<&str>::new());
        let barred = CouncilForm { bars_employees: true, ..plain };
        let own = CouncilMemberForm { organization_id: Some(barred.organization_id), ..it };
        assert_eq!(codes(&own.against_council(&barred, false)), ["council_member.employee"]);
        assert_eq!(codes(&own.against_council(&barred, true)), ["council_member.employee"; 2]);
        let by_account = CouncilMemberForm { organization_id: None, ..own };
        assert_eq!(by_account.against_council(&barred, true), [EMPLOYEE.reason().at("/user_id")]);
        assert!(by_account.against_council(&barred, false).is_empty());
        let open = CouncilForm { bars_employees: false, ..barred };
        assert!(by_account.against_council(&open, true).is_empty());
    }

    proptest! {
        /// Two terms meet if a day belongs to both.
        #[test]
        fn terms_repeat_if_and_only_if_a_day_is_of_both(a in 0i64..9, la in 0i64..9, b in 0i64..9, lb in 0i64..9) {
            let first: NaiveDate = "2024-01-01".parse().unwrap();
            let day = |n| first + chrono::TimeDelta::days(n);
            let term = |from, length| CouncilMemberForm {
                from_on: day(from), until_on: Some(day(from + length)), ..crate::examples::of()
            };
            let (one, other) = (term(a, la), term(b, lb));
            let is_shared = (0..20).any(|n| one.is_there(day(n)) && other.is_there(day(n)));
            prop_assert_eq!(one.against_others([&other]).is_some(), is_shared);
        }
    }
}
