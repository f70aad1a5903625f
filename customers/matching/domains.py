"""What an e-mail address says about a business: its domain, unless anybody can have one there."""

_FREE = frozenset(
    """
    gmail.com googlemail.com web.de gmx.de gmx.net gmx.at gmx.ch t-online.de outlook.com outlook.de hotmail.com
    hotmail.de live.com live.de msn.com yahoo.com yahoo.de yahoo.fr yahoo.co.uk icloud.com me.com mac.com aol.com
    aol.de freenet.de arcor.de mail.de mail.ru mailbox.org posteo.de protonmail.com proton.me online.de 1und1.de
    vodafone.de kabelmail.de unitybox.de bluewin.ch orange.fr free.fr wanadoo.fr laposte.net libero.it virgilio.it
    wp.pl onet.pl seznam.cz chello.at aon.at btinternet.com sky.com comcast.net verizon.net att.net zoho.com
    """.split()
)


def business_domain(email_key: str) -> str:
    """Return the domain of a normalised address, or "" if it is none or one of a free-mail provider."""
    _, found, domain = email_key.rpartition("@")
    domain = domain.strip().rstrip(".").removeprefix("www.")
    return domain if found and "." in domain and domain not in _FREE else ""
