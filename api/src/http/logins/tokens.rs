//! Access tokens: Ed25519, valid for 15 minutes. They hold the account and the region, but no rights, which are read
//! anew each time.
use crate::http::problem::{BAD_TOKEN, Problem};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64};
use domain::base::id::{SessionId, UserId};
use domain::base::moment::Moment;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The seconds for which an access token is valid.
pub const ACCESS_SECONDS: i64 = 15 * 60;
/// The seconds by which clocks may differ.
const LEEWAY_SECONDS: i64 = 60;
/// The audience of the tokens.
const AUDIENCE: &str = "nastavnik-api";
/// The type of the tokens (RFC 9068). No other signed value has it, so none passes for an access token.
const TYPE: &str = "at+jwt";
/// Verified tokens that the memory holds at most. Verifying a signature costs more than a whole GET.
const REMEMBERED: usize = 20_000;

/// The claims of an access token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    /// The account of the token.
    pub sub: UserId,
    /// The region of the account.
    pub region: String,
    /// The session from which the token comes.
    pub sid: SessionId,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: uuid::Uuid,
}

/// The signer and verifier of access tokens.
pub struct Tokens {
    issuer: String,
    key_id: String,
    public: String,
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    verified: Mutex<HashMap<String, Arc<Claims>>>,
}

impl Tokens {
    /// The signer with a private key in PEM (PKCS#8).
    pub fn new(issuer: &str, pem: &str) -> Result<Self, String> {
        let body: String = pem.lines().filter(|it| !it.starts_with("-----")).collect();
        let der = STANDARD.decode(body.trim()).map_err(|it| it.to_string())?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|it| it.to_string())?;
        let public = BASE64.encode(pair.public_key().as_ref());
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // The expiry is checked against the transaction's clock instead, because tests move that clock.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Ok(Self {
            issuer: issuer.to_owned(),
            key_id: persistence::engine::seal::digest(&public).chars().take(16).collect(),
            signing: EncodingKey::from_ed_pem(pem.as_bytes()).map_err(|it| it.to_string())?,
            verifying: DecodingKey::from_ed_components(&public).map_err(|it| it.to_string())?,
            public,
            validation,
            verified: Mutex::default(),
        })
    }

    /// A new private key in PEM.
    pub fn generate() -> Result<String, String> {
        let der =
            Ed25519KeyPair::generate_pkcs8(&ring::rand::SystemRandom::new()).map_err(|it| it.to_string())?;
        let body = STANDARD.encode(der.as_ref());
        Ok(format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"))
    }

    /// An access token of a session.
    pub fn sign(
        &self,
        region: &str,
        user: UserId,
        session: SessionId,
        now: Moment,
    ) -> Result<String, String> {
        let header = Header {
            typ: Some(TYPE.into()),
            kid: Some(self.key_id.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.into(),
            sub: user,
            region: region.to_owned(),
            sid: session,
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: now.seconds() + ACCESS_SECONDS,
            jti: uuid::Uuid::from_bytes(persistence::engine::seal::random().map_err(|it| it.to_string())?),
        };
        jsonwebtoken::encode(&header, &claims, &self.signing).map_err(|it| it.to_string())
    }

    /// The claims of a token with a valid signature. [`Claims::is_good`] checks the expiry.
    pub fn verify(&self, token: &str) -> Result<Arc<Claims>, Problem> {
        let known = self.verified.lock().unwrap_or_else(PoisonError::into_inner).get(token).cloned();
        if let Some(claims) = known {
            return Ok(claims);
        }
        let bad = || Problem::new(&BAD_TOKEN);
        let header = jsonwebtoken::decode_header(token).map_err(|_| bad())?;
        let is_ours = header.alg == Algorithm::EdDSA
            && header.typ.as_deref() == Some(TYPE)
            && header.kid.as_ref() == Some(&self.key_id);
        if !is_ours {
            return Err(bad());
        }
        let decoded = jsonwebtoken::decode::<Claims>(token, &self.verifying, &self.validation);
        let claims = Arc::new(decoded.map_err(|_| bad())?.claims);
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if verified.len() >= REMEMBERED {
            verified.clear();
        }
        verified.insert(token.to_owned(), claims.clone());
        Ok(claims)
    }

    /// The public keys in the form of RFC 7517.
    pub fn jwks(&self) -> serde_json::Value {
        serde_json::json!({"keys": [{
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.key_id, "x": self.public,
        }]})
    }
}

impl Claims {
    /// Whether the token is valid at that instant.
    pub fn is_good(&self, now: Moment) -> bool {
        let now = now.seconds();
        now < self.exp && self.nbf <= now + LEEWAY_SECONDS
    }
}
