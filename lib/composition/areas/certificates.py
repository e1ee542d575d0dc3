"""Wires the use cases of certificates that citizens ask for."""

from lib.composition.areas.messages import MessageUseCases
from lib.composition.repositories import Repositories
from lib.composition.stacks import Ports
from lib.repositories.certificates.offers import Offers
from lib.repositories.certificates.request_lists import RequestLists
from lib.repositories.certificates.request_sweeps import RequestSweeps
from lib.repositories.certificates.requests import CertificateRequests
from lib.use_cases.certificates.answer_requests import AnswerRequests
from lib.use_cases.certificates.expire_requests import ExpireRequests
from lib.use_cases.certificates.follow_requests import FollowRequests
from lib.use_cases.certificates.manage_offers import ManageOffers
from lib.use_cases.certificates.request_certificate import RequestCertificate
from lib.use_cases.certificates.settle_answer import SettleAnswer
from lib.use_cases.certificates.tell_expiry import TellExpiry


class CertificateUseCases:
    """Certificates from their offer to the answer of a request."""

    def __init__(self, ports: Ports, repositories: Repositories, messages: MessageUseCases) -> None:
        store, clock = ports.store, ports.clock
        offers, requests = Offers(store), CertificateRequests(store)
        self.offers = ManageOffers(offers)
        self.request = RequestCertificate(offers, requests, RequestLists(store), clock)
        settle = SettleAnswer(requests, repositories.messages)
        self.answers = AnswerRequests(requests, messages.check, messages.submit, settle, clock)
        self.follow = FollowRequests(requests, clock)
        tell = TellExpiry(repositories.services, repositories.messages, ports.queue, clock)
        self.expire = ExpireRequests(RequestSweeps(store), requests, settle, tell, clock)
