const PROBE = 'deepsky-probe';

/**
 * Returns whether the browser keeps a cookie for this site. `navigator.cookieEnabled` does not tell,
 * because it is also true if the user has blocked cookies for the site in Chromium.
 */
export const acceptsCookies = (): boolean => {
  document.cookie = `${PROBE}=1; SameSite=Strict`;
  const isKept = document.cookie.includes(PROBE);
  document.cookie = `${PROBE}=; Max-Age=0; SameSite=Strict`;
  return isKept;
};
