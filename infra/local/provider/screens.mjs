// The screens of the sandbox's identity provider. They need no script and no other host.
import { randomBytes } from "node:crypto";

const NAMES = ["Livello 1: nome e password", "Livello 2: anche un codice temporaneo", "Livello 3: anche la carta"];
const STYLE = `
  body { font: 1.125rem/1.5 "Titillium Web", system-ui, sans-serif; color: #17324d; background: #f5f6fa; margin: 0; }
  main { max-width: 38rem; margin: 2rem auto; padding: 1.5rem; background: #fff; }
  h1 { font-size: 1.75rem; line-height: 1.2; margin-top: 0; }
  fieldset { border: 1px solid #5c6f82; margin: 1.5rem 0; padding: 1rem; }
  legend { font-weight: 600; padding: 0 .5rem; }
  label { display: block; padding: .375rem 0; }
  ul { list-style: none; margin: 0; padding: 0; }
  button { font: inherit; min-height: 2.75rem; padding: .5rem 1rem; border: 2px solid #06c; background: #06c; color: #fff; cursor: pointer; }
  li button { width: 100%; margin-bottom: .5rem; text-align: left; background: #fff; color: #0059b3; }
  .quiet { background: #fff; color: #0059b3; }
  input[type="text"] { font: inherit; min-height: 2.75rem; padding: 0 .5rem; border: 2px solid #5c6f82; max-width: 100%; }
  :focus-visible { outline: 3px solid #f90; outline-offset: 2px; }
  .fault { border-left: .25rem solid #cc334d; padding-left: 1rem; }`;

const escaped = (text) =>
  String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

function page(title, content) {
  return (nonce) => `<!doctype html>
<html lang="it">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style nonce="${nonce}">${STYLE}</style></head>
<body><main><h1>${escaped(title)}</h1>${content}</main></body>
</html>`;
}

export function loginPage(citizens, levels, preferred, fault = "") {
  const choices = levels
    .map((level, at) => {
      const checked = level === preferred ? " checked" : "";
      return `<label><input type="radio" name="level" value="${escaped(level)}" required${checked}> ${NAMES[at]}</label>`;
    })
    .join("");
  const people = citizens
    .map(({ fiscal_code: code, about }) => {
      return `<li><button name="citizen" value="${escaped(code)}">${escaped(code)}: ${escaped(about)}</button></li>`;
    })
    .join("");
  return page(
    "Accesso di prova",
    `<p>Questa pagina sta al posto di SPID e CIE: nessuna identità viene verificata.</p>
    ${fault ? `<p class="fault" role="alert">${escaped(fault)}</p>` : ""}
    <form method="post">
      <fieldset><legend>Livello di sicurezza</legend>${choices}</fieldset>
      <fieldset><legend>Entra con un codice fiscale</legend>
        <label for="other">Codice fiscale</label>
        <input type="text" id="other" name="other" maxlength="16" autocomplete="off" spellcheck="false">
        <button>Entra</button>
      </fieldset>
      <fieldset><legend>Oppure entra come</legend><ul>${people}</ul></fieldset>
      <button class="quiet" name="cancel" value="1">Annulla</button>
    </form>`,
  );
}

export function logoutPage(form) {
  const hidden = form.replace("</form>", '<input type="hidden" name="logout" value="yes"><button autofocus>Esci</button></form>');
  return page("Vuoi uscire anche dall'accesso di prova?", hidden);
}

/** A page with one sentence. `home`: where a reader goes on. */
export function errorPage(text, home) {
  const back = `<p><a href="${escaped(home)}">Torna alla casella dei messaggi</a></p>`;
  return page("Accesso di prova", `<p class="fault">${escaped(text)}</p>${back}`);
}

export function respond(response, status, made, ctx) {
  const nonce = randomBytes(16).toString("base64");
  const headers = {
    "Cache-Control": "no-store",
    // no form-action: a browser applies it to the redirects that follow, which lead to the app
    "Content-Security-Policy": `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`,
    "Content-Type": "text/html; charset=utf-8",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  };
  if (ctx) {
    ctx.set(headers);
    ctx.body = made(nonce);
    return;
  }
  response.writeHead(status, headers).end(made(nonce));
}
