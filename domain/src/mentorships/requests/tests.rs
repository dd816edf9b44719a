use super::*;
use crate::examples;
use crate::mentorships::tests::{codes, day, id, running, situation, value};

fn form(party: Party, kind: RequestKind) -> RequestForm {
    RequestForm { party, kind, text: None, on_paper_file_id: None }
}
fn make(form: &RequestForm, by: Option<Party>, is_asked: bool) -> Result<Changed<Open>, Refused> {
    Open::make(id(80), &running(&situation()), form, by, is_asked, day("2026-04-01"))
}
fn open() -> Open {
    value(make(&form(Party::Recipient, RequestKind::Replacement), Some(Party::Recipient), false).unwrap())
}

#[test]
fn the_examples_of_the_contract_are_valid() {
    assert_eq!(examples::of::<RequestForm>().validate(), Ok(()));
    assert_eq!(examples::of::<RequestWithdrawal>().validate(), Ok(()));
}

#[test]
fn a_side_asks_for_itself_alone() {
    let by_mentor = form(Party::Mentor, RequestKind::Replacement);
    assert_eq!(codes(make(&by_mentor, Some(Party::Recipient), false)), ["access.not_yours"]);
    assert!(make(&by_mentor, Some(Party::Mentor), false).is_ok());
    let other = RequestWithdrawal { note: None };
    assert_eq!(codes(open().withdraw(&other, Some(Party::Mentor))), ["access.not_yours"]);
    assert!(open().withdraw(&other, None).is_ok());
}

#[test]
fn another_mentor_is_asked_for_once_and_on_paper_when_somebody_else_records_it() {
    let asks = form(Party::Recipient, RequestKind::Replacement);
    assert_eq!(
        codes(make(&asks, None, true)),
        ["mentorship_request.already_open", "mentorship_request.paper_needed"]
    );
    let on_paper = RequestForm { on_paper_file_id: Some(id(9)), ..asks };
    assert!(make(&on_paper, None, false).is_ok());
}

#[test]
fn the_recipient_asks_for_consultations_and_aid_and_something_else_is_told() {
    for kind in [RequestKind::Consultation, RequestKind::Aid] {
        assert!(make(&form(Party::Recipient, kind), None, false).is_ok());
        let told = make(&form(Party::Mentor, kind), Some(Party::Mentor), false);
        assert_eq!(codes(told), ["mentorship_request.recipient_asks"]);
    }
    assert_eq!(codes(make(&form(Party::Mentor, RequestKind::Other), None, false)), ["field.missing"]);
}

#[test]
fn what_is_settled_stays() {
    let (answered, records) = open().answer(Some(id(60))).into_parts();
    assert_eq!((answered.state, answered.meeting_id), (RequestState::Answered, Some(id(60))));
    assert_eq!(records[0].kind, "mentorship_request.answered");
    assert_eq!(value(open().close()).state, RequestState::Closed);
    let settled = Request::Settled(RequestKind::Aid);
    assert_eq!(settled.kind(), RequestKind::Aid);
    assert_eq!(codes(settled.open()), ["mentorship_request.not_open"]);
}
