//! The pairs that are somebody's work or life: those of a tutor, of the specialist in charge of the recipient's case, and of the
//! two themselves.
use crate::sight::Own;
use crate::tx::Tx;
use domain::base::access::{Right, Scope};
use domain::base::id::{BeneficiaryId, MentorId, UserId};

/// Those whose pairs are asked for.
pub(crate) struct Charge {
    pub(crate) user: UserId,
    pub(crate) mentor: Option<MentorId>,
    pub(crate) beneficiaries: Vec<BeneficiaryId>,
    /// The cases of which the caller may know who is in charge.
    pub(crate) cases: Scope,
}

impl Charge {
    /// The caller: an account without a person has its cases and the pairs that it follows.
    pub(crate) fn of_caller(tx: &Tx<'_>) -> Option<Self> {
        let Own { mentor, beneficiaries } = Own::of(tx);
        let user = tx.caller()?.user;
        Some(Self { user, mentor, beneficiaries, cases: Scope::everything() })
    }
    /// Another member of staff, as far as the caller sees cases.
    pub(crate) fn of(tx: &Tx<'_>, user: UserId) -> Self {
        Self { user, mentor: None, beneficiaries: Vec::new(), cases: tx.scope_of(Right::ReadCases) }
    }
}

/// Those rows of a query with cases whose open case is in the charge, as a boxed query.
macro_rules! in_charge {
    ($all:expr, $charge:expr) => {{
        use $crate::engine::column::bind;
        use $crate::engine::schema::{beneficiaries, cases};
        use $crate::scope::{Way, among, when, within};
        let mut open = $all
            .filter(cases::specialist_user_id.assume_not_null().eq(bind($charge.user)))
            .filter(cases::closed_on.is_null())
            .into_boxed();
        if !$charge.cases.everything {
            let there = beneficiaries::table
                .filter(within(beneficiaries::territory, &$charge.cases.territories))
                .select(beneficiaries::id);
            let guarded = when(!$charge.cases.territories.is_empty(), cases::beneficiary_id.eq_any(there));
            open = open.filter(among(cases::organization_id, &$charge.cases.organizations).or_by(guarded));
        }
        open
    }};
}
pub(crate) use in_charge;

/// Condition on mentorships: it is one of the charge. A case of one record of the recipient is one of the others too.
macro_rules! is_entrusted {
    ($charge:expr) => {{
        use $crate::engine::column::bind;
        use $crate::engine::schema::{cases, mentorships, person_records};
        use $crate::mentorships::charges::in_charge;
        use $crate::scope::{Way, among, when};
        let is_followed = mentorships::tutor_user_id
            .is_not_null()
            .and(mentorships::tutor_user_id.assume_not_null().eq(bind($charge.user)));
        let open = in_charge!(cases::table, $charge);
        let is_accompanied = mentorships::beneficiary_id.eq_any(open.select(cases::beneficiary_id));
        let records = cases::table
            .inner_join(person_records::table.on(person_records::beneficiary_id.eq(cases::beneficiary_id)));
        let others = in_charge!(records, $charge);
        let is_carried = mentorships::beneficiary_id.eq_any(others.select(person_records::record_id));
        when(true, is_followed)
            .or_by(when(true, is_accompanied))
            .or_by(when(true, is_carried))
            .or_by(among(mentorships::mentor_id, $charge.mentor.as_slice()))
            .or_by(among(mentorships::beneficiary_id, &$charge.beneficiaries))
    }};
}
pub(crate) use is_entrusted;

/// The ids of the mentorships of a charge, for the rows that belong to them.
macro_rules! entrusted {
    ($charge:expr) => {
        $crate::engine::schema::mentorships::table
            .filter($crate::mentorships::charges::is_entrusted!($charge))
            .select($crate::engine::schema::mentorships::id)
    };
}
pub(crate) use entrusted;
