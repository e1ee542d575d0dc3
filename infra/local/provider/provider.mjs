// The identity provider of the sandbox: oidc-provider by the rules of SPID and CIE, with a login
// screen of our own. It listens on the socket that it inherits; RECAPITO_PROVIDER has its settings.
import { createServer } from "node:http";
import { createHash, randomBytes } from "node:crypto";
import { Provider } from "oidc-provider";
import { errorPage, loginPage, logoutPage, respond } from "./screens.mjs";

const { issuer, fd, client, citizens, levels, keys } = JSON.parse(process.env.RECAPITO_PROVIDER);
const FISCAL_NUMBER = "https://attributes.eid.gov.it/fiscal_number";
const FISCAL_CODE = /^[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$/;
const SALT = randomBytes(16);

// every address of the app is on one origin
const home = new URL("/inbox/", client.redirect_uris[0]).href;
const unlisted = { given_name: "Ada", family_name: "Sandbox", birthdate: "1980-01-01" };
const personOf = (code) => citizens.find((one) => one.fiscal_code === code) ?? unlisted;

const provider = new Provider(issuer, {
  clients: [client],
  jwks: { keys },
  cookies: { keys: [randomBytes(16).toString("hex")] },
  acrValues: levels,
  scopes: ["openid"],
  responseTypes: ["code"],
  subjectTypes: ["pairwise"],
  pairwiseIdentifier: (_, accountId) =>
    createHash("sha256").update(SALT).update(accountId).digest("hex").slice(0, 32),
  claims: { openid: ["sub"], attributes: [FISCAL_NUMBER, "given_name", "family_name", "birthdate", "email"], acr: null },
  clientAuthMethods: ["private_key_jwt"],
  pkce: { required: () => true },
  enabledJWA: {
    requestObjectSigningAlgValues: ["RS256", "ES256"],
    clientAuthSigningAlgValues: ["RS256", "ES256"],
    userinfoSigningAlgValues: ["RS256", "ES256"],
    userinfoEncryptionAlgValues: ["RSA-OAEP-256", "RSA-OAEP", "ECDH-ES"],
    userinfoEncryptionEncValues: ["A256CBC-HS512", "A128CBC-HS256"],
  },
  features: {
    devInteractions: { enabled: false },
    claimsParameter: { enabled: true },
    encryption: { enabled: true },
    jwtUserinfo: { enabled: true },
    requestObjects: { enabled: true, requireSignedRequestObject: true },
    revocation: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => respond(ctx.res, 200, logoutPage(form), ctx),
      postLogoutSuccessSource: (ctx) => respond(ctx.res, 200, errorPage("La sessione è terminata.", home), ctx),
    },
  },
  findAccount: (_, accountId) => {
    const { given_name, family_name, birthdate, email } = personOf(accountId);
    const claims = { [FISCAL_NUMBER]: `TINIT-${accountId}`, given_name, family_name, birthdate, email };
    return { accountId, claims: () => ({ sub: accountId, ...claims }) };
  },
  interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
  renderError: (ctx, { error }) => respond(ctx.res, ctx.status, errorPage(`La richiesta non è valida: ${error}.`, home), ctx),
  ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 3600, IdToken: 300, Interaction: 900, Session: 3600 },
});

// SPID's rules want at_hash in an ID token of the token endpoint too, where OpenID Connect leaves it open.
const { issue } = provider.IdToken.prototype;
provider.IdToken.prototype.issue = function withHash(options) {
  const token = this.ctx.oidc.entities.AccessToken;
  if (options.use === "idtoken" && token) this.set("at_hash", token.jti);
  return issue.call(this, options);
};

const refused = { error: "access_denied", error_description: "the citizen cancelled the login" };

async function loggedIn(form, { params }) {
  const accountId = (form.get("citizen") || form.get("other") || "").trim().toUpperCase();
  const acr = form.get("level");
  if (!FISCAL_CODE.test(accountId) || !levels.includes(acr)) return null;
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope("openid");
  grant.addOIDCClaims([FISCAL_NUMBER, "given_name", "family_name", "birthdate", "email"]);
  return { login: { accountId, acr, remember: false }, consent: { grantId: await grant.save() } };
}

async function bodyOf(request) {
  let body = "";
  for await (const part of request) {
    body += part;
    if (body.length > 4096) throw new Error("the form is too long");
  }
  return new URLSearchParams(body);
}

async function login(request, response) {
  const details = await provider.interactionDetails(request, response);
  const wanted = (details.params.acr_values ?? "").split(" ").filter((level) => levels.includes(level));
  if (request.method !== "POST") {
    return respond(response, 200, loginPage(citizens, levels, wanted[0] ?? levels[1]));
  }
  const form = await bodyOf(request);
  const result = form.has("cancel") ? refused : await loggedIn(form, details);
  if (!result) return respond(response, 400, loginPage(citizens, levels, wanted[0], "Il codice fiscale non è valido."));
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const rest = provider.callback();
const server = createServer((request, response) => {
  if (!request.url.startsWith("/login/")) return rest(request, response);
  login(request, response).catch(() => respond(response, 400, errorPage("Questo accesso non è più valido: ricomincia dal servizio.", home)));
});
server.listen({ fd });
