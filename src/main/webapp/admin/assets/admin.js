// Copies a key, follows what runs, leaves open what was unfolded, and says when the page has lost its session or is too
// old. All else works without it.
'use strict';

document.addEventListener('click', event => {
  const button = event.target.closest('[data-copy]');
  if (!button) {
    return;
  }
  const field = document.getElementById(button.dataset.copy);
  const said = document.querySelector('[data-copied="' + button.dataset.copy + '"]');
  const tell = text => { said.textContent = text; };
  field.select();
  // the clipboard is there over HTTPS and on this machine only
  const copied = navigator.clipboard
    ? navigator.clipboard.writeText(field.value).then(() => true, () => document.execCommand('copy'))
    : Promise.resolve(document.execCommand('copy'));
  copied.then(done => tell(done ? 'Copied' : 'Copy it by hand: it is selected'));
});

// Where a page follows something it has a button for another look.
const looking = setInterval(() => {
  const look = document.querySelector('button.look');
  if (look) {
    look.click();
  }
}, 2000);

// What was unfolded stays so when its part of the page is replaced. Of those with the same heading, the n-th is the same.
if (window.jQuery) {
  const unfolded = new Set();
  const each = work => {
    const seen = {};
    document.querySelectorAll('details').forEach(details => {
      const heading = details.querySelector('summary').textContent.trim();
      seen[heading] = (seen[heading] || 0) + 1;
      work(details, heading + ' ' + seen[heading]);
    });
  };
  window.jQuery(document).on('pfAjaxSend', () => {
    unfolded.clear();
    each((details, name) => details.open && unfolded.add(name));
  }).on('pfAjaxComplete', () => each((details, name) => {
    details.open = details.open || unfolded.has(name);
  }));
}

// Servers answer with a login page where a session has ended; of ours, scripts get 401.
if (window.jQuery) {
  const tell = request => {
    const trouble = document.getElementById('trouble');
    clearInterval(looking);
    trouble.textContent = request && request.status === 403
      ? 'You may not do this. '
      : request && request.status === 409
        ? 'This page was too old: nothing was done. '
        : request && request.status === 0
          ? 'The service does not answer. '
          : 'Your session has ended, or the service has failed. ';
    const again = document.createElement('a');
    again.href = window.location.href;
    again.textContent = 'Load the page again';
    trouble.append(again);
    trouble.hidden = false;
  };
  window.jQuery(document).on('pfAjaxError', (event, request) => tell(request));
  // the look at what runs has no such event; it goes on after a failure that may be over the next time
  window.lookFailed = request => [401, 403, 409].includes(request.status) && tell(request);
}
