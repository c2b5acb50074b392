### What Pailot does for folders by itself.

log-kept = <i>OpenPAI has this log no more. This is its end (256 KB at most) as kept in your personal folder.</i>
