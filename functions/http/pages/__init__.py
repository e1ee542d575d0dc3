"""The pages that links in e-mails open."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pages import mail_links

ENDPOINTS: tuple[AnyEndpoint, ...] = (*mail_links.ENDPOINTS,)
