"""The relying party of OpenID Connect, as the rules of SPID and CIE say."""
