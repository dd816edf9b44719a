//! The steps of a mentorship over HTTP, from the proposal to the end.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::HistoryPage;
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post};
use domain::base::access::{Role, may};
use domain::base::change::SubjectKind;
use domain::base::id::{BeneficiaryId, MentorshipId, UserId};
use domain::matching::joint_activities::vetoes::Veto;
use domain::matching::joint_activities::vetoes::VetoSide;
use domain::mentorships::{
    Acceptance, Confirmation, ConsentForm, Extension, Pause, Proposal, Proposed, Replacement, Resumption,
    Termination, TutorAssignment, VetoScope, Withdrawal,
};
use persistence::engine::counts::Counts;
use persistence::engine::failure::Failure;
use persistence::matching::joint_activities::vetoes;
use persistence::matching::proposals::{self, MentorshipExplanation};
use persistence::mentors::{self, removals};
use persistence::mentorships::{self, ConsentCard, MentorshipCard, MentorshipFilter, MentorshipQuestion};
use persistence::people;
use persistence::region::annexes;
use persistence::region::files::attach;
use persistence::region::organizations::must_work;
use persistence::region::programs;
use persistence::region::users::must_hold;
use persistence::sight::{all_of, found_beside, must_refer, ruled};
use persistence::tx::Tx;

crate::http::page::pages! { MentorshipPage of MentorshipCard; ConsentPage of ConsentCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_mentorships)
        .service(get_mentorship_counts)
        .service(propose_mentorship)
        .service(get_mentorship);
    config.service(answer_mentorship).service(list_consents).service(consent_to_mentorship);
    config.service(confirm_mentorship).service(extend_mentorship).service(pause_mentorship);
    config.service(resume_mentorship).service(replace_mentor_of_mentorship).service(withdraw_agreement);
    config.service(terminate_mentorship).service(assign_tutor_of_mentorship);
    config.service(get_mentorship_history).service(get_mentorship_explanation);
}

/// List mentorships
///
/// Mentorships that the caller may see, the newest first. A mentor sees their own mentorships until they end.
#[utoipa::path(tag = "mentorships", params(MentorshipFilter), responses((status = 200, body = MentorshipPage)))]
#[get("/mentorships")]
async fn list_mentorships(
    db: Guarded<may::ReadMentorships>,
    query: Query<MentorshipFilter>,
) -> Result<Answer, Problem> {
    db.list(query, mentorships::list).await
}

/// Count mentorships
///
/// The number of mentorships that the caller sees, by a member of theirs.
#[utoipa::path(tag = "mentorships", params(mentorships::MentorshipCountQuestion), responses((status = 200, body = Counts)))]
#[get("/mentorships/counts")]
async fn get_mentorship_counts(
    db: Guarded<may::ReadMentorships>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: mentorships::MentorshipCountQuestion = list::filters(request.query_string())?;
    db.read(async |tx| mentorships::counts(tx, &asked).await).await
}

/// Propose a mentorship
///
/// Proposes a mentor to a recipient in a program, by its edition in force on the first day. The recipient's
/// institution will confirm, so it is open today. A refusal lists everything that stands against the pair.
#[utoipa::path(tag = "mentorships", request_body = Proposal, responses((status = 201, body = MentorshipCard)))]
#[post("/mentorships")]
async fn propose_mentorship(
    db: Guarded<may::ProposeMentorship>,
    order: Order<Proposal>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let whom = all_of([
            must_refer(tx, SubjectKind::Program, Some(order.program_id), "/program_id").await,
            must_refer(tx, SubjectKind::Beneficiary, Some(order.beneficiary_id), "/beneficiary_id").await,
            must_refer(tx, SubjectKind::Mentor, Some(order.mentor_id), "/mentor_id").await,
            must_refer(tx, SubjectKind::Mentorship, order.replaces_id, "/replaces_id").await,
        ]);
        let follows = must_hold(tx, Role::Tutor, order.tutor_user_id, "/tutor_user_id").await;
        let ((), others) = found_beside(whom, vec![follows])?;
        // Nothing is told of the kin of an account that is no tutor.
        let tutor = order.tutor_user_id.filter(|_| others.iter().all(Result::is_ok));
        let of = order.beneficiary_id;
        let no_relative = people::must_be_no_relative(tx, tutor, of, "/tutor_user_id").await;
        let situation = mentorships::situation_of_proposal(tx, &order).await?;
        order.must_be_made_by(tx.caller(), tx.scope(), situation.organization_id)?;
        let works = must_work(tx, situation.organization_id, "/beneficiary_id").await;
        let proposed = Proposed::propose(tx.mint(), &order, &situation, tx.today());
        let proposed = ruled(proposed, others.into_iter().chain([works, no_relative]))?;
        let saved = mentorships::save_proposed(tx, proposed, order.replaces_id).await?;
        mentorships::saved_card(tx, saved).await
    })
    .await
}

/// Get a mentorship
///
/// One mentorship: its parties, its consents, the missing signatures, and the actions that the caller may take. With `expand`
/// also what belongs to it, each part as its own address shows it to the caller.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path), MentorshipQuestion), responses((status = 200, body = MentorshipCard)))]
#[get("/mentorships/{id}")]
async fn get_mentorship(
    db: Guarded<may::ReadMentorships>,
    id: Id<MentorshipId>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: MentorshipQuestion = list::filters(request.query_string())?;
    db.read(async |tx| mentorships::expanded_card(tx, id.0, &asked).await).await
}

/// Answer a proposal
///
/// A side accepts once, or declines at any time before the beginning (002 §3.4). A side answers only for itself. The
/// institution may record an acceptance with the signed paper of the side.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path)), request_body = Acceptance, responses((status = 200, body = MentorshipCard)))]
#[post("/mentorships/{id}/acceptances")]
async fn answer_mentorship(
    db: Guarded<may::AcceptMentorship>,
    id: Id<MentorshipId>,
    order: Order<Acceptance>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = mentorships::load(tx, id.0).await?;
        let given = attach(tx, order.on_paper_file_id, "/on_paper_file_id", it.pairing()).await;
        let by = it.pairing().side_of(tx.caller());
        let edition = programs::edition_of(tx, it.pairing().edition_id).await?;
        let (beneficiary, mentor) = (it.pairing().beneficiary_id, it.pairing().mentor_id);
        let authorities = people::representatives_of(tx, beneficiary).await?;
        let acts = order.against_the_representative(&authorities, tx.today()).map_err(Failure::from);
        let answered = ruled(it.answer(&order, by, &edition.form, tx.today()), [acts, given])?;
        let saved = mentorships::save_answered(tx, answered).await?;
        if order.veto == Some(VetoScope::Pair) {
            let veto = (tx.mint(), beneficiary, mentor, VetoSide::of(&order), id.0, tx.today());
            vetoes::save_made(tx, Veto::after_decline(veto.0, veto.1, veto.2, veto.3, veto.4, veto.5))
                .await?;
        }
        mentorships::saved_card(tx, saved).await
    })
    .await
}

/// Get the explanation of a proposed mentorship
///
/// The reason for which a round of matching proposed the two of this mentorship, by criterion. Before the consent,
/// the sides see only the criteria that the rules allow. They never see the choices of the other side. 404 if no
/// round proposed the mentorship.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path)), responses((status = 200, body = MentorshipExplanation)))]
#[get("/mentorships/{id}/explanation")]
async fn get_mentorship_explanation(
    db: Guarded<may::ReadMentorships>,
    id: Id<MentorshipId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| proposals::of_mentorship(tx, id.0).await).await
}

/// List the consents of a mentorship
///
/// Consents of the recipient (annex 3), the newest first.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path)), responses((status = 200, body = ConsentPage)))]
#[get("/mentorships/{id}/consents")]
async fn list_consents(
    db: Guarded<may::ReadMentorships>,
    id: Id<MentorshipId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| mentorships::list_consents(tx, id.0, window).await).await
}

/// Sign the consent
///
/// Records a signature under the consent (annex 3, 002 §3.7). Recipients sign for themselves. Signed papers of others
/// are recorded by the institution or the guardianship authority. With the last required signature the state becomes
/// `consented`. A signature whose basis has ended, such as an authority or the age of a child, is given anew, while the mentorship runs too.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path)), request_body = ConsentForm, responses((status = 200, body = MentorshipCard)))]
#[post("/mentorships/{id}/consents")]
async fn consent_to_mentorship(
    db: Guarded<may::ConsentMentorship>,
    id: Id<MentorshipId>,
    form: Order<ConsentForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = mentorships::load(tx, id.0).await?;
        let shown = attach(tx, form.file_id, "/file_id", it.pairing()).await;
        let situation = mentorships::situation_of(tx, it.pairing()).await?;
        let by = it.pairing().signer_of(tx.caller());
        let (form, named) = annexes::with_annex(tx, &form).await?;
        let given = mentorships::consents_given(tx, id.0).await?;
        let signed = it.sign(tx.mint(), &form, &given, by, &situation, tx.today());
        let saved = mentorships::save_consented(tx, ruled(signed, [named, shown])?).await?;
        mentorships::saved_card(tx, saved).await
    })
    .await
}

/// Confirm a mentorship
///
/// Assigns the mentor to the recipient by a decree. A refusal lists everything that stands against the pair now. An institution that was
/// closed confirms none.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path)), request_body = Confirmation, responses((status = 200, body = MentorshipCard)))]
#[post("/mentorships/{id}/confirmation")]
async fn confirm_mentorship(
    db: Guarded<may::ConfirmMentorship>,
    id: Id<MentorshipId>,
    order: Order<Confirmation>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = mentorships::load(tx, id.0).await?.consented()?;
        it.pairing.must_be_decided_by(tx.caller())?;
        let situation = mentorships::situation_of_confirmation(tx, &it.pairing, &order).await?;
        let works = must_work(tx, it.pairing.organization_id, "/starts_on").await;
        let confirmed = ruled(it.confirm(&order, &situation, tx.today()), [works])?;
        let saved = mentorships::save_confirmed(tx, confirmed).await?;
        mentorships::saved_card(tx, saved).await
    })
    .await
}

/// Extend a mentorship
///
/// Moves the last day (002 §3.9), as often and as far as the edition allows. No ground for the removal of the mentor
/// may be open. A refusal lists every reason.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path)), request_body = Extension, responses((status = 200, body = MentorshipCard)))]
#[post("/mentorships/{id}/extensions")]
async fn extend_mentorship(
    db: Guarded<may::ExtendMentorship>,
    id: Id<MentorshipId>,
    order: Order<Extension>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = mentorships::load(tx, id.0).await?.active()?;
        it.pairing.must_be_decided_by(tx.caller())?;
        let given = attach(tx, order.document_file_id, "/document_file_id", &it.pairing).await;
        let facts = mentorships::extension_facts(tx, &it.pairing).await?;
        let extended = it.extend(tx.mint(), &order, &facts, tx.today());
        let saved = mentorships::save_extended(tx, ruled(extended, [given])?).await?;
        mentorships::saved_card(tx, saved).await
    })
    .await
}

/// Pause a mentorship
///
/// Pauses an active mentorship: there are no meetings and no reminders. The term does not change.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path)), request_body = Pause, responses((status = 200, body = MentorshipCard)))]
#[post("/mentorships/{id}/pause")]
async fn pause_mentorship(
    db: Guarded<may::PauseMentorship>,
    id: Id<MentorshipId>,
    order: Order<Pause>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = mentorships::load(tx, id.0).await?.active()?;
        it.pairing.must_be_decided_by(tx.caller())?;
        let busy_until = mentorships::busy_until(tx, id.0).await?;
        let saved =
            mentorships::save_paused(tx, it.pause(tx.mint(), &order, busy_until, tx.today())?).await?;
        mentorships::saved_card(tx, saved).await
    })
    .await
}

/// Resume a mentorship
///
/// Ends the pause; the mentorship is active again.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path)), request_body = Resumption, responses((status = 200, body = MentorshipCard)))]
#[post("/mentorships/{id}/resumption")]
async fn resume_mentorship(
    db: Guarded<may::PauseMentorship>,
    id: Id<MentorshipId>,
    order: Order<Resumption>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = mentorships::load(tx, id.0).await?.paused()?;
        it.pairing.must_be_decided_by(tx.caller())?;
        let saved = mentorships::save_resumed(tx, it.resume(&order, tx.today())?).await?;
        mentorships::saved_card(tx, saved).await
    })
    .await
}

/// Replace the mentor
///
/// Ends a mentorship on a ground of 002 §3.10, so that another mentor may follow. Propose the next one with
/// `replaces_id`. Each ground has its own demands. All records stay, but the replaced mentor no longer sees them.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path)), request_body = Replacement, responses((status = 200, body = MentorshipCard)))]
#[post("/mentorships/{id}/replacement")]
async fn replace_mentor_of_mentorship(
    db: Guarded<may::ReplaceMentor>,
    id: Id<MentorshipId>,
    order: Order<Replacement>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = mentorships::load(tx, id.0).await?.running()?;
        it.pairing.must_be_decided_by(tx.caller())?;
        let given = attach(tx, order.document_file_id, "/document_file_id", &it.pairing).await;
        let facts = mentorships::replacement_facts(tx, &it).await?;
        let replaced = ruled(it.replace(&order, &facts, tx.today()), [given])?;
        let saved = mentorships::save_ended(tx, replaced).await?;
        mentorships::saved_card(tx, saved).await
    })
    .await
}

/// Withdraw an agreement
///
/// A side withdraws its agreement at any time (002 §3.4). A mentorship that has not begun is declined. An active one
/// ends at once, and the recipient's consents no longer hold.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path)), request_body = Withdrawal, responses((status = 200, body = MentorshipCard)))]
#[post("/mentorships/{id}/withdrawal")]
async fn withdraw_agreement(
    db: Guarded<may::WithdrawAgreement>,
    id: Id<MentorshipId>,
    order: Order<Withdrawal>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = mentorships::load(tx, id.0).await?;
        let given = attach(tx, order.file_id, "/file_id", it.pairing()).await;
        let situation = mentorships::situation_of(tx, it.pairing()).await?;
        let facts = mentorships::withdrawal_facts(tx, it.pairing()).await?;
        let withdrawn = ruled(it.withdraw(&order, &facts, &situation, tx.today()), [given])?;
        let saved = mentorships::save_withdrawn(tx, withdrawn).await?;
        mentorships::saved_card(tx, saved).await
    })
    .await
}

/// Terminate a mentorship
///
/// Ends a mentorship before the end of its term, on a ground of 002 §3.11. Its planned meetings are cancelled. The
/// ground `removed_by_director` also removes the mentor: all mentorships of the mentor end, and none can begin.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path)), request_body = Termination, responses((status = 200, body = MentorshipCard)))]
#[post("/mentorships/{id}/termination")]
async fn terminate_mentorship(
    db: Guarded<may::TerminateMentorship>,
    id: Id<MentorshipId>,
    order: Order<Termination>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = mentorships::load(tx, id.0).await?.running()?;
        let given = attach(tx, order.document_file_id, "/document_file_id", &it.pairing).await;
        let mentor = mentors::found(tx, it.pairing.mentor_id).await?;
        let facts = mentorships::termination_facts(tx, &it.pairing, &mentor).await?;
        let terminated = ruled(it.terminate(&order, &facts, tx.today()), [given])?;
        let saved = mentorships::save_ended(tx, terminated).await?;
        if let Some(removal) = order.removal().filter(|_| mentor.removal.is_none()) {
            let removed = mentor.remove(tx.mint(), &removal, facts.by_director, tx.today())?;
            removals::save_removed(tx, removed).await?;
        }
        mentorships::saved_card(tx, saved).await
    })
    .await
}

/// Name the tutor of a mentorship
///
/// Names the tutor of a mentorship that has not ended, another one instead, or none. Only an open account with the role of a tutor follows
/// a pair, and never a relative of the recipient. The tutor sees the pair from this moment on, and the former one sees it no more.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path)), request_body = TutorAssignment, responses((status = 200, body = MentorshipCard)))]
#[post("/mentorships/{id}/tutor")]
async fn assign_tutor_of_mentorship(
    db: Guarded<may::ProposeMentorship>,
    id: Id<MentorshipId>,
    order: Order<TutorAssignment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = mentorships::load(tx, id.0).await?;
        it.pairing().must_be_decided_by(tx.caller())?;
        let suits = must_follow(tx, order.tutor_user_id, it.pairing().beneficiary_id).await;
        let saved = mentorships::save_tutored(tx, ruled(it.assign_tutor(&order), [suits])?).await?;
        mentorships::saved_card(tx, saved).await
    })
    .await
}

/// Refuses as a tutor an account without the role, a closed one, and that of a relative of the recipient.
async fn must_follow(tx: &mut Tx<'_>, tutor: Option<UserId>, of: BeneficiaryId) -> Result<(), Failure> {
    must_hold(tx, Role::Tutor, tutor, "/tutor_user_id").await?;
    people::must_be_no_relative(tx, tutor, of, "/tutor_user_id").await
}

/// Get the history of a mentorship
///
/// Changes of the mentorship, its consents and its meetings, the latest first.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/mentorships/{id}/history")]
async fn get_mentorship_history(
    db: Guarded<may::ReadHistory>,
    id: Id<MentorshipId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| mentorships::history(tx, id.0, window).await).await
}
