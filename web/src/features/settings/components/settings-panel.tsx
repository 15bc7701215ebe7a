import { Input, NativeSelect, SegmentedControl, Slider, Stack, Switch } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useId } from 'react';

import { ApiKeySetting } from '@/features/settings/components/api-key-setting';
import { formatRoundPercent } from '@/lib/format';
import { changeLanguage, type Language, LANGUAGES, useLanguage } from '@/lib/language';
import { useMessages } from '@/lib/messages';
import { MIN_BRIGHTNESS, THEMES, useRedBrightness, useTheme } from '@/lib/theme';
import { useShortcuts } from '@/lib/use-shortcuts';

/** The panel with all settings of the web interface. */
export const SettingsPanel = () => {
  const text = useMessages().settings;
  const [shortcuts, setShortcuts] = useShortcuts();
  return (
    <Stack gap="lg">
      <ThemeChoice />
      <LanguageChoice />
      <Switch
        label={text.shortcuts}
        description={text.shortcutsExplained}
        checked={shortcuts}
        onChange={({ currentTarget }) => {
          setShortcuts(currentTarget.checked);
        }}
      />
      <ApiKeySetting />
    </Stack>
  );
};

const LanguageChoice = () => {
  const text = useMessages().settings;
  const language = useLanguage();
  const { mutate, isError } = useMutation({ mutationFn: changeLanguage });
  return (
    <NativeSelect
      label={text.language}
      data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
      value={language}
      error={isError && text.languageFailed}
      onChange={({ currentTarget }) => {
        mutate(currentTarget.value as Language);
      }}
    />
  );
};

const ThemeChoice = () => {
  const text = useMessages().settings;
  const [theme, setTheme] = useTheme();
  const title = useId();
  return (
    <>
      <Input.Wrapper
        label={text.theme}
        labelElement="div"
        labelProps={{ id: title }}
        description={text.red}
      >
        <SegmentedControl
          fullWidth
          mt={6}
          // Without these styles, the last option does not fit on small phones.
          styles={{ control: { flex: 'auto' }, label: { paddingInline: 2 } }}
          aria-labelledby={title}
          data={THEMES.map((value) => ({ value, label: text.themes[value] }))}
          value={theme}
          onChange={setTheme}
        />
      </Input.Wrapper>
      {theme === 'red' && <Brightness />}
    </>
  );
};

const Brightness = () => {
  const text = useMessages().settings;
  const [brightness, setBrightness] = useRedBrightness();
  return (
    <Input.Wrapper
      label={text.brightness}
      labelElement="div"
      description={formatRoundPercent(brightness / 100)}
    >
      <Slider
        thumbLabel={text.brightness}
        label={null}
        min={MIN_BRIGHTNESS}
        max={100}
        step={5}
        value={brightness}
        onChange={setBrightness}
      />
    </Input.Wrapper>
  );
};
