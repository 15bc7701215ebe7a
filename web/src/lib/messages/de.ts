import type { Messages } from '@/lib/messages/en';

/** Every text of the page, in German. */
export const de: Messages = {
  brand: 'deepsky',
  title: 'Was ist auf deinem Himmelsbild?',
  windowTitle: (title) => `deepsky: ${title}`,
  lead: 'Eine Galaxie, ein Nebel, ein Sternhaufen oder etwas anderes? Hier siehst du die Antwort, wie sicher sie ist und woher im Bild sie kommt.',

  drop: {
    action: 'Bilder auswählen',
    folder: 'Ordner auswählen',
    photo: 'Foto aufnehmen',
    hint: 'oder irgendwo auf diese Seite ziehen oder einfügen: eines oder viele',
    formats: 'JPEG, PNG, TIFF, WebP, GIF, BMP, FITS oder XISF',
    release: 'Loslassen zum Bestimmen',
    leftOut: (count, names) =>
      count === 1
        ? `Eine Datei wurde ausgelassen, denn so heißt kein Bild, das deepsky lesen kann: ${names}. Falls es ein Bild ist, speichere es als JPEG, TIFF oder FITS.`
        : `${count} Dateien wurden ausgelassen, denn so heißen keine Bilder, die deepsky lesen kann: ${names}. Falls es Bilder sind, speichere sie als JPEG, TIFF oder FITS.`,
    more: (count) => `${count} weitere`,
  },
  samples: {
    title: 'Oder probier eines von diesen',
    titles: {
      'ngc-1433.jpg': 'Spiralgalaxie NGC 1433',
      'ngc-3199.jpg': 'Sichelnebel NGC 3199',
      'ngc-6229.jpg': 'Kugelsternhaufen NGC 6229',
      'mars.jpg': 'Mars, gesehen vom Rover Spirit',
      'm-90.jpg': 'Spiralgalaxie M 90',
      'ngc-5189.jpg': 'Planetarischer Nebel NGC 5189',
      'ngc-362.jpg': 'Kugelsternhaufen NGC 362',
      'summer-palace.jpg': 'Sommerpalast, Peking',
      'tadpole-galaxy.jpg': 'Kaulquappengalaxie (UGC 10214)',
      'hubbles-variable-nebula.jpg': 'Hubbles veränderlicher Nebel (NGC 2261)',
      'ngc-7006.jpg': 'Kugelsternhaufen NGC 7006',
      'cat.jpg': 'Die Katze Chelsea',
    },
    creditsTitle: 'Bildnachweise',
    credit: (title, credit, licence) => `${title}: ${credit} (${licence})`,
  },

  busy: {
    title: 'Das Bild wird angesehen …',
    waiting: 'Wartet, bis es dran ist …',
    sent: (share) => `${share} gesendet`,
    held: 'Der Server hat gerade viel zu tun: Es geht gleich von selbst weiter.',
    cancel: 'Abbrechen',
  },
  images: {
    title: 'Deine Bilder',
    asked: (count) => `${count} Bilder werden angesehen.`,
    done: (done, count) => `${done} von ${count} fertig`,
    answered: (count, what) => `${count} Bilder: ${what}.`,
    labels: {
      galaxy: (count) => (count === 1 ? '1 Galaxie' : `${count} Galaxien`),
      nebula: (count) => (count === 1 ? '1 Nebel' : `${count} Nebel`),
      star_cluster: (count) => (count === 1 ? '1 Sternhaufen' : `${count} Sternhaufen`),
      other: (count) => `${count}-mal etwas anderes`,
    },
    agree: (count) => `Bei ${count} sind sich die Modelle einig`,
    differ: (count) => `bei ${count} nicht`,
    onlyDiffer: (count) => `Bei ${count} sind sich die Modelle nicht einig`,
    unread: (count) =>
      count === 1 ? '1 konnte nicht gelesen werden' : `${count} konnten nicht gelesen werden`,
    unsent: (count) =>
      count === 1 ? '1 konnte nicht gesendet werden' : `${count} konnten nicht gesendet werden`,
    hint: 'Öffne ein Bild: Dort siehst du, warum, und kannst sagen, ob die Antwort stimmt.',
    modelsDiffer: 'Die Modelle sind uneins',
    failed: 'Keine Antwort',
    add: 'Bilder hinzufügen',
    retry: 'Noch einmal',
    stop: 'Den Rest abbrechen',
    clear: 'Neu anfangen',
    remove: (name) => `${name} aus der Liste nehmen`,
    back: 'Alle Bilder',
    place: (place, count) => `${place} von ${count}`,
    previous: 'Zurück',
    next: 'Weiter',
  },
  another: 'Anderes Bild',
  retry: 'Noch einmal',
  result: 'Antwort',
  imageAlt: (name) => `Das Bild ${name}`,
  noPreview: 'Hierzu gibt es kein Bild.',
  imageFailed: 'Dieses Bild konnte nicht geladen werden.',
  previewLater: 'Dieses Bild erscheint, sobald es gelesen ist.',

  labels: {
    galaxy: 'Galaxie',
    nebula: 'Nebel',
    star_cluster: 'Sternhaufen',
    other: 'Etwas anderes',
  },
  nouns: {
    galaxy: 'eine Galaxie',
    nebula: 'ein Nebel',
    star_cluster: 'ein Sternhaufen',
    other: 'etwas anderes',
  },
  alone: {
    galaxy: 'Eine Galaxie',
    nebula: 'Ein Nebel',
    star_cluster: 'Ein Sternhaufen',
    other: 'Kein Deep-Sky-Objekt',
  },

  verdicts: {
    confident: 'Sicher',
    unsure: 'Unsicher',
    unfamiliar: 'Unbekannt',
  },
  certainty: {
    almostCertain: 'so gut wie sicher',
    verySure: 'sehr sicher',
    sure: 'sicher',
    fairlySure: 'ziemlich sicher',
    hardToTell: 'schwer zu sagen',
  },
  perhaps: (noun) => `Vielleicht ${noun}`,
  explained: {
    confident: 'Jede andere Klasse ist unwahrscheinlich.',
    unsureOfTwo: 'Das Modell kann sich zwischen den beiden nicht entscheiden.',
    unsure: (others) => `Es könnte auch ${others} sein: Das Modell kann sich nicht entscheiden.`,
    unsureOfAny:
      'An diesem Bild zweifelt das Modell mehr als an fast allen Bildern jeder einzelnen Klasse.',
    nebulaWithCluster:
      'Viele Nebel enthalten einen Sternhaufen, es kann also beides richtig sein.',
    unfamiliar:
      'Dieses Bild gleicht keinem, aus dem das Modell gelernt hat. Verlass dich nicht auf die Antwort: Vielleicht ist es etwas, das es noch nie gesehen hat.',
  },
  probabilities: 'Wie wahrscheinlich jede Antwort ist',

  evidence: {
    show: 'Zeigen, wo es hingesehen hat',
    explained: 'Je kräftiger die Farbe, desto mehr spricht diese Stelle im Bild für die Klasse.',
    failed: 'Die Überlagerung konnte nicht geladen werden.',
    alt: (label) => `Wo das Bild für diese Klasse spricht: ${label}`,
    label: 'Klasse, deren Anhaltspunkte gezeigt werden',
    strength: 'Deckkraft',
    opacity: 'Deckkraft der Überlagerung',
  },

  details: {
    title: 'Einzelheiten',
    model: 'Modell',
    possible: 'Mögliche Klassen',
    nonePossible: 'keine sicher',
    novelty: 'Neuheit',
    noveltyValue: (value) =>
      `${value} (0: vertraut, 1: gleicht keinem Deep-Sky-Objekt, aus dem es gelernt hat)`,
    size: 'Größe',
    sizeValue: (width, height) => `${width} × ${height} Pixel`,
    format: 'Format',
    stretch: 'Streckung',
    noStretch: 'nicht nötig',
    time: 'Zeit',
    timeValue: (decode, infer) => `${decode} ms zum Lesen, ${infer} ms zum Bestimmen`,
    imageHash: 'SHA-256 des Bildes',
    modelHash: 'SHA-256 des Netzes',
    exact: 'Genaue Wahrscheinlichkeiten',
  },

  models: {
    choice: 'Wer antwortet',
    which: 'Welches ist das beste?',
    only: (model) => `Es antwortet das Modell ${model}.`,
    all: 'Alle vergleichen',
  },
  compare: {
    title: 'Was jedes Modell sagt',
    agree: (count, label) => `Alle ${count} Modelle sagen „${label}“.`,
    differ: (groups) => `Die Modelle sind sich nicht einig. ${groups.join('; ')}.`,
    says: (models, count, label) => `${models} ${count === 1 ? 'sagt' : 'sagen'} „${label}“`,
    apart: 'Weicht ab',
    shown: (model) => `Hier ist die Antwort von ${model}:`,
    show: 'Ganz zeigen',
    isShown: 'Oben gezeigt',
    showOf: (model) => `Die Antwort von ${model} ganz zeigen`,
  },

  feedback: {
    title: 'Was meinst du?',
    question: 'Stimmt das?',
    keys: 'Oder drück 1 bis 4 für das, was du siehst: 1 Galaxie, 2 Nebel, 3 Sternhaufen, 4 etwas anderes.',
    right: 'Ja',
    wrong: 'Nein',
    which: 'Was ist es?',
    undo: 'Rückgängig',
    saving: 'Wird gespeichert …',
    saidRight: 'Danke! Du hast gesagt: Das stimmt.',
    saidWrong: 'Danke!',
    saidLabel: (noun) => `Danke! Du hast gesagt: Das ist ${noun}.`,
    failed: (why) => `Das wurde nicht gespeichert. ${why}`,
    use: 'Was alle hier sagen, zeigt zusammen, wie weit man jedem Modell trauen kann und was das nächste lernen muss.',
    comment: {
      add: 'Anmerkung hinzufügen',
      change: 'Ändern',
      label: 'Deine Anmerkung',
      yours: (comment) => `Deine Anmerkung: ${comment}`,
      save: 'Anmerkung speichern',
      cancel: 'Abbrechen',
    },
  },

  history: {
    title: 'Deine Antworten',
    lead: 'Alles, was in diesem Browser beantwortet wurde. Niemand sonst sieht es.',
    one: 'Eine Antwort',
    back: '← Alle deine Antworten',
    by: (model, date) => `${model}, ${date}`,
    count: (shown, more) => {
      if (shown === 0) return 'Keine Antworten';
      return `${shown} ${shown === 1 ? 'Antwort' : 'Antworten'}${more ? ', und es gibt noch mehr' : ''}`;
    },
    more: 'Mehr zeigen',
    nothing: 'Hier ist noch nichts. Lass ein Bild bestimmen, dann bleibt die Antwort hier.',
    start: 'Ein Bild bestimmen',
    nothingLike: 'Keine deiner Antworten passt dazu.',
    showAll: 'Alle Antworten zeigen',
    said: {
      nothing: 'Noch nicht beurteilt',
      right: '✓ Du sagst: richtig',
      wrong: '✗ Du sagst: falsch',
      label: (noun) => `✗ Du sagst: ${noun}`,
    },
    filter: {
      title: 'Welche Antworten',
      sort: 'Reihenfolge',
      sorts: {
        newest: 'Neueste zuerst',
        oldest: 'Älteste zuerst',
        most_uncertain: 'Zweifelhafteste zuerst',
      },
      any: 'Alle',
      label: 'Antwort',
      verdict: 'Sicherheit',
      model: 'Modell',
      feedback: 'Dein Urteil',
      feedbacks: { correct: 'Richtig', incorrect: 'Falsch', none: 'Noch nicht beurteilt' },
    },
    download: { csv: 'Als CSV speichern', json: 'Als JSON speichern' },
    remove: {
      action: 'Löschen',
      question: 'Diese Antwort löschen?',
      explained:
        'Die Antwort und dein Urteil darüber werden endgültig gelöscht, mit der letzten Antwort zu einem Bild auch das Bild.',
      confirm: 'Endgültig löschen',
      keep: 'Behalten',
    },
  },

  review: {
    title: 'Zweifelhafte beurteilen',
    lead: 'Deine Antworten, die noch auf dein Urteil warten, die zweifelhaftesten zuerst: Dort hilft es am meisten.',
    question: 'Was zeigt das Bild?',
    says: (model, answer) => `${model}: ${answer}`,
    place: (place, of, more, judged) =>
      `${place} von ${of}${more ? ' und mehr' : ''}${judged > 0 ? `, ${judged} beurteilt` : ''}`,
    judged: (judged) => `${judged} beurteilt`,
    back: 'Zurück',
    skip: 'Weiter',
    undo: 'Rückgängig',
    help: 'Tasten',
    helpTitle: 'Was die Tasten tun',
    keys: {
      label: (noun) => `Auf dem Bild ist ${noun}`,
      skip: 'Weiter zum nächsten Bild, ohne Urteil über dieses',
      back: 'Zurück zum vorigen Bild',
      undo: 'Das letzte Urteil zurücknehmen',
      help: 'Diese Liste zeigen',
      close: 'Diese Liste schließen',
    },
    nothing: 'Nichts wartet auf dich: Alle Antworten hier sind schon beurteilt.',
    done: (judged) =>
      judged === 0
        ? 'Das war die letzte. Geh zurück oder komm später wieder.'
        : `Das war die letzte, danke: Du hast ${judged} beurteilt.`,
    classify: 'Ein Bild bestimmen',
    history: 'Alle deine Antworten ansehen',
    failed: (name, why) => `Dein Urteil über ${name} wurde nicht gespeichert. ${why}`,
  },

  performance: {
    title: 'Wie weit kann man ihnen trauen?',
    lead: 'Jedes Modell wurde an Bildern geprüft, die es noch nie gesehen hatte. Hier steht, wie oft es richtig lag, wie sicher diese Zahl ist und worin es sich irrt.',
    sideBySide: 'Die Modelle nebeneinander',
    intervals: 'In Klammern: Mit 95\u00a0% Sicherheit liegt der wahre Wert in diesem Bereich.',
    model: 'Modell',
    version: (version) => `Version ${version}`,
    accuracy: 'Richtige Antworten',
    macroF1: 'Alle Klassen gleich gewichtet (Makro-F1)',
    agreement: 'Zustimmung hier',
    speed: 'Zeit hier',
    speedOf: (infer) => `${infer} je Bild`,
    speedFrom: (answers, decode) =>
      `Median, ${answers} gemessen; ein Bild lesen: ${decode}`,
    notMeasured: 'noch nicht gemessen',
    size: 'Größe',
    sizeOf: (bytes, parameters) => `${bytes}, ${parameters} Parameter`,
    best: {
      title: 'Welches nehmen?',
      most: (model) => `Über alle Klassen gleich gewichtet war ${model} am besten.`,
      behind: (models, count) =>
        `${models} ${count === 1 ? 'liegt' : 'liegen'} weiter zurück, als der Zufall erklärt.`,
      even: (models, count) =>
        count === 1
          ? `Der Bereich von ${models} überschneidet sich mit seinem, der Unterschied kann also Zufall sein.`
          : `Die Bereiche von ${models} überschneiden sich mit seinem, der Unterschied kann also Zufall sein.`,
      fastest: (model) => `${model} antwortet hier am schnellsten.`,
    },
    interval: (value, low, high) => `${value} (${low} bis ${high})`,
    range: (low, high) => `${low} bis ${high}`,
    unknown: 'nicht bekannt',
    nobody: 'noch kein Urteil',
    people: (correct, all) => `${correct} von ${all} Antworten`,
    inFull: (model) => `${model} im Einzelnen`,
    allInFull: 'Alle Modelle im Einzelnen, nebeneinander',
    all: 'Alle, nebeneinander',
    choose: 'Welches Modell',
    members: (models) => `Dieses Modell fragt ${models} und wägt ab, was sie sagen.`,
    limits: 'Wo es sich am meisten irrt (auf Englisch):',
    confusion: {
      title: 'Was womit verwechselt wird',
      explained: (images) =>
        `${images} Testbilder: Jede Zeile steht für das, was sie zeigen, jede Spalte für das, was das Modell gesagt hat. Auf der Diagonale lag es richtig.`,
      corner: 'Zeigt',
      cell: (truth, answer, images) => `${truth}, beantwortet mit ${answer}: ${images}`,
      choose: 'Wähl eine Zahl aus, um zu lesen, was sie sagt.',
      of: {
        galaxy: 'Galaxien',
        nebula: 'Nebeln',
        star_cluster: 'Sternhaufen',
        other: 'etwas anderem',
      },
      takenFor: {
        galaxy: 'Galaxien',
        nebula: 'Nebel',
        star_cluster: 'Sternhaufen',
        other: 'etwas anderes',
      },
      right: (images, all, of, share) =>
        `${images} von ${all} Bildern von ${of}, ${share}, wurden erkannt.`,
      wrong: (images, all, of, share, takenFor) =>
        `${images} von ${all} Bildern von ${of}, ${share}, wurden für ${takenFor} gehalten.`,
      interval: (low, high) =>
        `Mit 95\u00a0% Sicherheit liegt der wahre Anteil zwischen ${low} und ${high}.`,
    },
    reliability: {
      title: 'Heißt „zu 90\u00a0% sicher“ auch zu 90\u00a0% richtig?',
      explained:
        'Jeder Punkt ist eine Gruppe von Testbildern: je größer, desto mehr Bilder. Auf der gestrichelten Linie liegt das Modell genau so oft richtig, wie es sagt; die senkrechten Striche zeigen, wie weit der Zufall einen Punkt verschieben kann.',
      described: 'Wie oft das Modell richtig lag, aufgetragen über seiner Sicherheit',
      sureness: 'Wie sicher das Modell war',
      right: 'Wie oft es richtig lag',
      group: (sure, right, images) => `zu ${sure} sicher, zu ${right} richtig, bei ${images} Bildern`,
    },
    training: {
      title: 'Wie es gelernt hat',
      explained:
        'Ein Schritt nach rechts ist ein Durchgang durch alle Bilder, aus denen das Modell lernt. Erst lernen nur seine letzten Schichten, dann alle.',
      described: 'Anteil richtiger Antworten nach jedem Durchgang durch die Bilder',
      epoch: 'Durchgang',
      accuracy: 'Richtige Antworten',
      validation: 'An zurückgehaltenen Bildern',
      learned: 'An den Lernbildern, zufällig verändert',
      stages: 'Ab hier lernt das ganze Netz',
    },
    perClass: {
      title: 'Klasse für Klasse',
      of: (model) => `Klasse für Klasse: ${model}`,
      explained:
        'Genauigkeit: wie viele der Bilder mit dieser Antwort sie zu Recht haben. Trefferquote: wie viele der Bilder dieser Klasse gefunden wurden. F1: beides in einer Zahl. Darunter steht jeweils, wie weit der Zufall den Wert verschieben kann.',
      label: 'Klasse',
      precision: 'Genauigkeit',
      recall: 'Trefferquote',
      f1: 'F1',
    },
  },

  accuracy: (model, images, accuracy, low, high) =>
    `${model} lag bei ${accuracy} von ${images} Testbildern richtig, die es nie zuvor gesehen hatte (95-%-Intervall ${low} bis ${high}).`,
  privacy:
    'Dein Bild geht nur an diesen deepsky-Server. Dort bleibt es, für dich allein, bis du es unter „Verlauf“ löschst.',
  apiDocs: 'API',
  nav: {
    title: 'Seiten',
    classify: 'Bestimmen',
    history: 'Verlauf',
    review: 'Beurteilen',
    models: 'Modelle',
    learn: 'Lernen',
  },
  settings: {
    title: 'Einstellungen',
    theme: 'Aussehen',
    themes: { auto: 'Wie das Gerät', light: 'Hell', dark: 'Dunkel', red: 'Rot' },
    red: '„Rot“ leuchtet nur rot, für Augen, die an die Dunkelheit gewöhnt sind.',
    language: 'Sprache',
    languageExplained:
      'Eine andere lädt die Seite neu: Die Bilder unter „Bestimmen“ sind dann weg, ihre Antworten bleiben unter „Verlauf“.',
    shortcuts: 'Einzelne Tasten bewirken etwas',
    shortcutsExplained: 'Etwa Y, N und 1 bis 4. Schalte das aus, wenn du das Gerät mit der Stimme steuerst.',
  },
  key: {
    title: 'Dieser Server verlangt einen API-Schlüssel',
    lead: 'Wer ihn betreibt, gibt die Schlüssel aus. Mit deinem geht hier alles wie gewohnt.',
    label: 'API-Schlüssel',
    placeholder: 'dsk_…',
    use: 'Diesen Schlüssel verwenden',
    kept: 'Der Schlüssel bleibt in diesem Browser, bis du ihn unter „Einstellungen“ entfernst. Er geht nur an diesen Server.',
    inUse: 'Dieser Browser verwendet einen API-Schlüssel: Er zeigt die Antworten, die dieser Schlüssel bekommen hat.',
    remove: 'Schlüssel entfernen',
  },
  learn: {
    verdict: 'Was heißt das?',
    evidence: 'Wie die Netze entscheiden',
    figures: 'Was diese Zahlen bedeuten',
    data: 'Woraus die Modelle gelernt haben und wo sie sich irren',
  },
  loading: 'Einen Moment …',
  notFound: {
    title: 'Diese Seite gibt es nicht',
    lead: 'Vielleicht ist die Adresse nicht vollständig.',
    back: 'Zur ersten Seite',
  },
  broken: {
    title: 'Diese Seite konnte nicht gezeigt werden',
    lead: 'Sieh nach, ob der Server läuft und du mit ihm verbunden bist, und lade die Seite dann neu.',
    reload: 'Neu laden',
    stillAway: 'Der Server antwortet noch nicht.',
  },

  errors: {
    title: 'Das hat nicht geklappt',
    unreachable:
      'Der deepsky-Server antwortet nicht. Sieh nach, ob er läuft und ob du mit ihm verbunden bist, und versuch es dann noch einmal.',
    unexpected:
      'Der Server hat etwas geantwortet, das diese Seite nicht versteht. Versuch es noch einmal; bleibt es dabei, hilft ein Blick in die Meldungen des Servers.',
    fileGone:
      'Diese Datei lässt sich nicht mehr lesen: Sie wurde verschoben, umbenannt oder geändert, seit du sie ausgewählt hast. Wähl sie noch einmal aus.',
    byCode: {
      key_required:
        'Dieser Server verlangt einen API-Schlüssel. Gib deinen unter „Einstellungen“ ein.',
      invalid_key:
        'Der Server kennt diesen API-Schlüssel nicht oder nicht mehr. Bitte den Betreiber um einen anderen.',
      empty_file: 'Die Datei ist leer. Wähl eine andere aus.',
      unsupported_format:
        'Dieses Format kann deepsky nicht lesen. Nimm JPEG, PNG, TIFF, WebP, GIF, BMP, FITS oder XISF.',
      corrupt_image:
        'Das Bild ist beschädigt oder unvollständig. Lade es noch einmal herunter oder speichere es neu.',
      no_image_data: 'Die Datei ist in Ordnung, enthält aber kein Bild.',
      image_error: 'Mit diesem Bild lässt sich nichts anfangen. Versuch es mit einem anderen.',
      file_unreadable: 'Die Datei lässt sich nicht lesen.',
      read_timeout:
        'Das Lesen des Bildes dauert zu lange. Verkleinere es oder speichere es in einem anderen Format.',
      limit_exceeded: 'Das Bild ist größer, als dieser Server erlaubt. Verkleinere es.',
      file_too_large: 'Die Datei ist größer, als dieser Server erlaubt. Verkleinere das Bild.',
      too_many_pixels:
        'Das Bild hat mehr Pixel, als dieser Server erlaubt. Verkleinere es oder schneide es zu.',
      too_many_frames:
        'Die Datei enthält mehr Einzelbilder, als dieser Server erlaubt. Speichere eines davon für sich.',
      too_many_images: 'Das sind mehr Bilder, als dieser Server auf einmal nimmt.',
      too_many_requests: 'Das war zu viel auf einmal. Warte einen Moment und versuch es noch einmal.',
      overloaded:
        'Der Server ist gerade voll beschäftigt. Warte einen Moment und versuch es noch einmal.',
      storage_unavailable:
        'Die Datenbank des Servers antwortet nicht, wie sie soll. Versuch es gleich noch einmal.',
      internal_server_error:
        'Beim Server ist ein Fehler aufgetreten. Wer ihn betreibt, findet mehr in seinen Meldungen.',
      not_found: 'Das gibt es hier nicht, oder es gehört jemand anderem.',
      model_not_found: 'Dieses Modell ist auf dem Server nicht vorhanden. Wähl ein anderes.',
      model_error: 'Das Modell lässt sich nicht verwenden. Wähl ein anderes.',
      model_corrupt:
        'Die Dateien des Modells fehlen oder sind beschädigt. Wähl ein anderes oder sag es dem Betreiber.',
      cross_site_request: 'Die Anfrage kam von einer fremden Seite und wurde abgelehnt.',
      misdirected_request: 'Der Server heißt nicht so, wie es in der Adresse steht.',
    },
  },
};
