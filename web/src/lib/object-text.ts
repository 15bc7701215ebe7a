import type { CatalogueObject, Classification, IdentifiedObject } from '@/lib/api-client';
import { withArticle } from '@/lib/article';
import { formatRoundPercent } from '@/lib/format';
import { probabilityOf, seenText } from '@/lib/labels';
import { currentLanguage } from '@/lib/language';
import { currentMessages } from '@/lib/messages';
import { formatDeclination, formatRightAscension } from '@/lib/sky-angles';

type Answer = Pick<
  Classification,
  'label' | 'probabilities' | 'object' | 'agreement' | 'difference' | 'agreement_message' | 'sky'
>;
type Named = Pick<CatalogueObject, 'name' | 'common_name' | 'common_name_de'>;

/** Returns the object that an image shows, unless name, position and model contradict each other. */
export const identified = ({
  object,
  agreement,
}: Pick<Answer, 'object' | 'agreement'>): IdentifiedObject | undefined =>
  agreement === 'differs' ? undefined : (object ?? undefined);

/** Returns the common name of an object in the current language, if there is one. */
export const commonName = (object: Named): string | undefined => {
  const name = catalogueName(object);
  return name === undefined ? undefined : capitalize(name);
};

/** Returns the common name as it is in the catalogue; German names may begin with an adjective. */
const catalogueName = ({ common_name, common_name_de }: Named): string | undefined =>
  (currentLanguage() === 'de' ? common_name_de : null) ?? common_name ?? undefined;

// Single letters, as in “h und Chi Persei”, are names of stars.
const capitalize = (name: string): string =>
  name.replace(/^\p{Ll}(?=\p{Ll})/u, (letter) => letter.toUpperCase());

/** Returns the name and the common name of an object, such as “M 31, Andromeda Galaxy”. */
export const objectName = (object: Named): string =>
  [object.name, commonName(object)].filter((name) => name !== undefined).join(', ');

/** Returns the name and the common name with its article: “M 31, the Andromeda Galaxy”. */
export const nameInSentence = (object: Named): string => {
  const name = catalogueName(object);
  if (name === undefined) return object.name;
  const withItsArticle = withArticle(name);
  return `${object.name}, ${withItsArticle === name ? capitalize(name) : withItsArticle}`;
};

/** Describes in one sentence what contradicts each other. */
export const differenceText = ({
  difference,
  agreement_message,
  sky,
  ...answer
}: Answer): string => {
  const text = currentMessages().object;
  if (difference === null) return agreement_message ?? ''; // stored by an earlier version
  const { kind, object, found_by, other } = difference;
  const { claim, named, differs, fileNameDiffers, placeDiffers } = text.difference;
  if (kind === 'network') {
    const seen = seenText(answer.label);
    const probability = formatRoundPercent(probabilityOf(answer, answer.label));
    return differs({
      claim: claim[found_by]({ name: objectName(object), kind: text.kinds[object.kind] }),
      seen,
      probability,
    });
  }
  const says = named[found_by]({ name: objectName(object) });
  if (kind === 'names')
    return fileNameDiffers({ says, other: other === null ? '' : objectName(other) });
  return placeDiffers({ says, place: other === null ? placeText(sky) : objectName(other) });
};

const placeText = (sky: Answer['sky']): string =>
  sky === null ? '' : `${formatRightAscension(sky.ra)}, ${formatDeclination(sky.dec)}`;
