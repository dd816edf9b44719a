//! The states of an agreement, and the steps between them. A step consumes the state that it leaves.
use super::orders::*;
use super::*;
use crate::base::access::NOT_YOURS;
use crate::base::change::{Changed, changed_fields};
use crate::base::entry::ANNULLED;
use crate::base::id::AgreementId;
use crate::base::refusal::{Reason, Refused};
use chrono::NaiveDate;

/// An agreement that is not signed yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The id of the agreement.
    pub id: AgreementId,
    /// The form.
    pub form: AgreementForm,
}

/// An agreement that was just signed.
#[derive(Debug, Clone, PartialEq)]
pub struct NewlySigned {
    /// The id of the agreement.
    pub id: AgreementId,
    /// The order.
    pub signing: AgreementSigning,
}

/// A signed agreement that nobody has terminated.
#[derive(Debug, Clone, PartialEq)]
pub struct Signed {
    /// The id of the agreement.
    pub id: AgreementId,
    /// The day of the signing.
    pub signed_on: NaiveDate,
    /// The first day in force.
    pub starts_on: NaiveDate,
    /// The last day in force; none where the agreement is indefinite.
    pub ends_on: Option<NaiveDate>,
    /// The extensions, the earliest first.
    pub extensions: Vec<AgreementExtension>,
}

/// An agreement that was terminated.
#[derive(Debug, Clone, PartialEq)]
pub struct Terminated {
    /// The id of the agreement.
    pub id: AgreementId,
    /// The order.
    pub termination: AgreementTermination,
}

/// An agreement in any state.
#[derive(Debug, Clone, PartialEq)]
pub enum Agreement {
    /// It is not signed yet.
    Planned(Box<Planned>),
    /// It is signed, and nobody has terminated it.
    Signed(Signed),
    /// It was terminated.
    Terminated,
    /// It was entered by mistake.
    Annulled,
}

/// The reasons against the parties of an agreement.
fn against_parties(form: &AgreementForm) -> Vec<Reason> {
    let mut all: Vec<_> = form.parties.iter().map(|it| (it.organization_id, it.council_id)).collect();
    all.sort_unstable();
    all.dedup();
    let is_lonely = form.parties.len() < 2 || all.len() < form.parties.len();
    let keeps = form.parties.iter().any(|it| it.organization_id == Some(form.organization_id));
    let lonely = is_lonely.then(|| TWO_PARTIES.reason().at("/parties"));
    lonely.into_iter().chain((!keeps).then(|| KEEPER.reason().at("/organization_id"))).collect()
}

fn against_future(on: NaiveDate, today: NaiveDate, pointer: &str) -> Option<Reason> {
    (on > today).then(|| IN_FUTURE.reason().at(pointer).with("today", today))
}

impl Planned {
    /// Enters an agreement that is being prepared.
    pub fn enter(id: AgreementId, form: AgreementForm) -> Result<Changed<Self>, Refused> {
        Refused::unless_empty(against_parties(&form))?;
        let fact = AgreementAdded { id, sphere: form.sphere };
        Ok(Changed::new(Self { id, form }, fact))
    }
    /// Edits it.
    pub fn edit(self, form: AgreementForm) -> Result<Changed<Self>, Refused> {
        Refused::unless_empty(against_parties(&form))?;
        let fact = AgreementEdited { id: self.id, fields: changed_fields(&self.form, &form) };
        Ok(Changed::new(Self { form, ..self }, fact))
    }
    /// Signs it.
    pub fn sign(self, signing: &AgreementSigning, today: NaiveDate) -> Result<Changed<NewlySigned>, Refused> {
        let mut reasons: Vec<Reason> =
            against_future(signing.signed_on, today, "/signed_on").into_iter().collect();
        if signing.ends_on.is_some_and(|it| it < signing.starts_on) {
            reasons.push(TERM.reason().at("/ends_on"));
        }
        Refused::unless_empty(reasons)?;
        let fact = AgreementSigned { id: self.id, starts_on: signing.starts_on, ends_on: signing.ends_on };
        Ok(Changed::new(NewlySigned { id: self.id, signing: signing.clone() }, fact))
    }
}

impl Signed {
    /// Extends it. A day of the past is judged by what was in force then, for papers of earlier years are entered too.
    pub fn extend(mut self, order: &AgreementExtension, today: NaiveDate) -> Result<Changed<Self>, Refused> {
        let mut reasons: Vec<Reason> =
            against_future(order.signed_on, today, "/signed_on").into_iter().collect();
        let is_over = self.ends_on.is_some_and(|it| it < order.signed_on);
        if is_over || order.signed_on < self.signed_on {
            reasons.push(NOT_IN_FORCE.reason().at("/signed_on"));
        }
        if self.ends_on.is_none_or(|it| order.ends_on <= it) {
            reasons.push(EXTENSION.reason().at("/ends_on"));
        }
        Refused::unless_empty(reasons)?;
        self.ends_on = Some(order.ends_on);
        self.extensions.push(order.clone());
        let fact = AgreementExtended { id: self.id, ends_on: order.ends_on };
        Ok(Changed::new(self, fact))
    }
    /// Ends it before its last day.
    pub fn terminate(
        self,
        order: &AgreementTermination,
        today: NaiveDate,
    ) -> Result<Changed<Terminated>, Refused> {
        let mut reasons: Vec<Reason> =
            against_future(order.ended_on, today, "/ended_on").into_iter().collect();
        let is_over = self.ends_on.is_some_and(|it| it < order.ended_on);
        // It may be called off before its first day.
        if is_over || order.ended_on < self.signed_on.min(self.starts_on) {
            reasons.push(NOT_IN_FORCE.reason().at("/ended_on"));
        }
        Refused::unless_empty(reasons)?;
        let fact = AgreementTerminated { id: self.id, ground: order.ground, ended_on: order.ended_on };
        Ok(Changed::new(Terminated { id: self.id, termination: order.clone() }, fact))
    }
}

impl Agreement {
    /// The agreement, if it is not signed yet.
    pub fn planned(self) -> Result<Planned, Refused> {
        match self {
            Self::Planned(it) => Ok(*it),
            Self::Annulled => Err(ANNULLED.refuse()),
            Self::Signed(_) | Self::Terminated => Err(NOT_PLANNED.refuse()),
        }
    }
    /// The agreement, if it is signed and nobody has terminated it.
    pub fn signed(self) -> Result<Signed, Refused> {
        match self {
            Self::Signed(it) => Ok(it),
            Self::Annulled => Err(ANNULLED.refuse()),
            Self::Planned(_) | Self::Terminated => Err(NOT_IN_FORCE.refuse()),
        }
    }
    /// Annuls it: it was entered by mistake, and counts no more. Once it is signed, only the one does so who signs for its keeper.
    pub fn annul(self, id: AgreementId, signs: bool) -> Result<Changed<AgreementId>, Refused> {
        match self {
            Self::Annulled => Err(ANNULLED.refuse()),
            Self::Signed(_) | Self::Terminated if !signs => Err(NOT_YOURS.refuse()),
            _ => Ok(Changed::new(id, AgreementAnnulled { id })),
        }
    }
}
