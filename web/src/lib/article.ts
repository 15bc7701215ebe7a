import { currentLanguage } from '@/lib/language';

/** Names after persons, such as Bode's Galaxy, have no article, but the Cat's Eye Nebula has one. */
const PERSON = /^(?!Cat|Croc|Elephant|Robin)\S+['’]s /;
const DESCRIPTION =
  /(Galaxy|Galaxies|Nebula|Cluster|Cloud|Region|Triplet|Pleiades|Hyades|Antennae|Coathanger)$/;

const englishArticle = (name: string): string =>
  DESCRIPTION.test(name) && !PERSON.test(name) ? `the ${name}` : name;

const GERMAN: [article: string, names: RegExp][] = [
  ['die', /(galaxien?|wolke|kette|region|plejaden|hyaden)$/i],
  ['der', /(nebel|haufen)$/i],
  ['das', /(triplett|quintett|sextett)$/i],
];

/** Writes „der kleine Hantelnebel“ for „kleiner Hantelnebel“. „Bodes Galaxie“ has no article. */
const germanArticle = (name: string): string => {
  const isPossessive = /^\p{Lu}\p{Ll}+s /u.test(name);
  const [article] = GERMAN.find(([, names]) => names.test(name)) ?? [];
  if (isPossessive || article === undefined) return name;
  return `${article} ${article === 'der' ? name.replace(/(?<!\p{L})(\p{Ll}+e)r(?= )/gu, '$1') : name}`;
};

const WITH_ARTICLE = { en: englishArticle, de: germanArticle };

/** Adds the article to the name of an object in the current language, where it has one. */
export const withArticle = (name: string): string => WITH_ARTICLE[currentLanguage()](name);
